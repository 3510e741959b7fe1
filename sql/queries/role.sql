-- A role that is to be granted rights.
--
-- $1 text  its name, exact
--
-- No row: there is none. Otherwise one row:
--   is_owner  boolean  it may do what the schema's owner may
--   database  text     this one's name
--
-- Served by pg_authid_rolname_index and pg_namespace_nspname_index.
select coalesce(pg_has_role(r.oid, n.nspowner, 'member'), false) as is_owner, current_database() as database
  from pg_roles r
  left join pg_namespace n on n.nspname = 'queue_statistics'
 where r.rolname = $1
