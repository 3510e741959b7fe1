-- The roles that write the source of a role, though they are not bound to the same customer or the source was given to
-- both: what one of them sends can end or change calls of the other.
--
-- $1 text  name of the role, exact
--
-- One row:
--   roles  text  null: none
--
-- Served by phone_system_roles_pkey.
select string_agg(o.role::text, ', ' order by o.role::text) as roles
  from queue_statistics.phone_system_roles r
  join queue_statistics.phone_system_roles o
    on o.role <> r.role and coalesce(o.source, 'asterisk') = coalesce(r.source, 'asterisk')
   and (r.source is not null or o.customer is distinct from r.customer)
 where r.role = (select oid from pg_roles where rolname = $1)
