-- A role that is to be granted rights.
--
-- $1 text  name of the role, exact
--
-- No row when the role does not exist. Otherwise one row:
--   is_owner  boolean  the role may do what the schema's owner may
--   database  text     name of this database
--
-- Served by pg_authid_rolname_index and pg_namespace_nspname_index.
select coalesce(pg_has_role(r.oid, n.nspowner, 'member'), false) as is_owner, current_database() as database
  from pg_roles r
  left join pg_namespace n on n.nspname = 'queue_statistics'
 where r.rolname = $1
