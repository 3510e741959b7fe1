-- Whether this role may make a subscription here: a superuser, or from PostgreSQL 16 on a member of
-- pg_create_subscription, of whom PostgreSQL wants a password in the connection string.
--
-- $1 boolean  the connection string has a password
--
-- One row, one column: boolean.
select current_setting('is_superuser')::boolean
       or $1::boolean and has_database_privilege(current_database(), 'create')
          and exists (select from pg_roles r where r.rolname = 'pg_create_subscription' and pg_has_role(r.oid, 'usage'))
