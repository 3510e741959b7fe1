-- The roles that were granted a kind of rights (sql/grant.hpp). One right tells the kind: a right that nobody would
-- grant by hand without meaning the whole kind.
--
-- One row per role and kind:
--   role  text     quoted as an identifier where it must be
--   kind  integer  the number in the enum Grant of sql/grant.hpp
--
-- Served by pg_proc_oid_index and pg_class_oid_index.
select a.grantee::regrole::text as role, f.kind
  from (values (0, 'queue_statistics.may_see_queue(bigint, bigint)'),
               (2, 'queue_statistics.phone_system_source()'),
               (4, 'queue_statistics.answer_here(smallint, text[])'))
         f (kind, signature)
  join pg_proc p on p.oid = to_regprocedure(f.signature)
 cross join aclexplode(p.proacl) a
 where a.privilege_type = 'EXECUTE' and a.grantee not in (0, p.proowner)
union
select a.grantee::regrole::text, t.kind
  from (values (1, 'queue_statistics.queue_destination_calls', 'DELETE'),
               (3, 'queue_statistics.refused_hashes', 'SELECT'),
               (5, 'queue_statistics.queue_shards', 'SELECT')) t (kind, name, privilege)
 cross join lateral (select * from pg_class k where k.oid = to_regclass(t.name) offset 0) c  -- by index
 cross join aclexplode(c.relacl) a
 where a.privilege_type = t.privilege and a.grantee not in (0, c.relowner)
 order by 2, 1
