-- Nobody but the schema's owner may run the responder.
--
-- One row, or no row:
--   problem  text
select 'no database role has the responder''s rights: queue-statistics grant reader ROLE'
  from pg_proc p
 where p.oid = to_regprocedure('queue_statistics.credentials(text)')
   and not exists (select from queue_statistics.shard)  -- responders ask the router
   and not exists (select from aclexplode(p.proacl) a
                    where a.privilege_type = 'EXECUTE' and a.grantee <> p.proowner)
