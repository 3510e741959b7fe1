-- What every role of the server may do in this database, and how to take it away. Who connects as the responder or as a
-- phone system may do it too.
--
-- One row per right:
--   right  text
with here (database, owner, roles) as (
  select current_database(), n.nspowner::regrole,
         (select string_agg(distinct a.grantee::regrole::text, ', ' order by a.grantee::regrole::text)
            from aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) a where a.grantee <> 0)
    from pg_namespace n where n.nspname = 'queue_statistics'
)
select format('everyone may connect: revoke connect on database %1$I from public; grant connect on database %1$I '
              'to %2$s;',
              database, roles)
  from here where has_database_privilege('public', database, 'CONNECT')
union all
select format('everyone may make temporary tables: revoke temporary on database %1$I from public; grant temporary on '
              'database %1$I to %2$s;', database, owner)
  from here where has_database_privilege('public', database, 'TEMPORARY')
union all
select 'everyone may make tables in the schema public: revoke create on schema public from public;'
  from pg_namespace n where n.nspname = 'public' and has_schema_privilege('public', n.oid, 'CREATE')
union all
select format('everyone may make large objects; as a superuser: revoke execute on function %s from public;',
              string_agg(p.oid::regprocedure::text, ', ' order by p.oid::regprocedure::text))
  from pg_proc p
 where p.pronamespace = 'pg_catalog'::regnamespace
   and p.proname in ('lo_create', 'lo_creat', 'lo_from_bytea', 'lo_import')
   and has_function_privilege('public', p.oid, 'EXECUTE')
having count(*) > 0
