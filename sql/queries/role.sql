-- A role that is to be granted rights, and what its rights depend on.
--
-- $1 text  name of the role, exact
--
-- No row when the role does not exist. Otherwise one row:
--   is_owner       boolean  the role may do what the schema's owner may
--   database       text     name of this database
--   owner          text     name of the schema's owner
--   has_temporary  boolean  the role may make temporary tables
--   has_objects    boolean  the role may make large objects
--   is_superuser   boolean  the session's role is a superuser
--   no_temporary   text     SQL that takes temporary tables from PUBLIC and gives them to the schema's owner
--   no_objects     text     SQL that takes large objects from PUBLIC
--
-- Served by pg_authid_rolname_index and pg_namespace_nspname_index.
select coalesce(pg_has_role(r.oid, n.nspowner, 'member'), false) as is_owner, current_database() as database,
       n.nspowner::regrole::text as owner,
       has_database_privilege(r.oid, current_database(), 'TEMPORARY') as has_temporary,
       o.has_objects, current_setting('is_superuser')::boolean as is_superuser,
       format('revoke temporary on database %1$I from public; grant temporary on database %1$I to %2$s',
              current_database(), n.nspowner::regrole) as no_temporary,
       format('revoke execute on function %s from public', o.functions) as no_objects
  from pg_roles r
  left join pg_namespace n on n.nspname = 'queue_statistics'
 cross join lateral (
   select bool_or(has_function_privilege(r.oid, p.oid, 'EXECUTE')) as has_objects,
          string_agg(p.oid::regprocedure::text, ', ' order by p.oid::regprocedure::text) as functions
     from pg_proc p
    where p.pronamespace = 'pg_catalog'::regnamespace
      and p.proname in ('lo_create', 'lo_creat', 'lo_from_bytea', 'lo_import')) o
 where r.rolname = $1
