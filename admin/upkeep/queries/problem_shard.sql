-- What is wrong on a shard.
--
-- One row per problem:
--   problem  text
select format(case when u.oid is null
            then 'this shard does not follow its router: queue-statistics shard init %s --router CONNINFO'
            when not u.subenabled
            then 'this shard does not follow its router any more: alter subscription queue_statistics_shard_%s enable;'
            else 'this shard cannot follow its router now; the log of its server says why (subscription '
                 'queue_statistics_shard_%s)' end, h.number) as problem
  from queue_statistics.shard h
  left join pg_subscription u on u.subname = 'queue_statistics_shard_' || h.number
                              and u.subdbid = (select oid from pg_database where datname = current_database())
 where u.oid is null or not u.subenabled
    or not exists (select from pg_stat_subscription s where s.subid = u.oid and s.relid is null and s.pid is not null)
union all
select format('the queues of %s are on their way to shard %s, at the step "%s". Unless a command is at work on it, on the '
              'router: queue-statistics shard move --to %2$s ... again', array_to_string(m.sources, ', '), m.shard,
              m.step)
  from queue_statistics.moves m
union all
select 'no database role has the rights of a router: queue-statistics grant router ROLE'
  from pg_proc p
 where p.oid = 'queue_statistics.answer_here'::regproc
   and not exists (select from aclexplode(p.proacl) a where a.privilege_type = 'EXECUTE' and a.grantee <> p.proowner)
union all
-- 5 s are the responder's default.
select format('a statement of the router''s role %s ends after %s ms here, not later than the router''s own, so that the '
              'router''s session may hang: queue-statistics grant router %1$s', a.grantee::regrole,
              coalesce(c.milliseconds, 'an unknown number of'))
  from pg_proc p
 cross join aclexplode(p.proacl) a
  left join lateral (select substr(s.setting, 19) as milliseconds
                       from pg_db_role_setting d
                      cross join unnest(d.setconfig) s (setting)
                      where d.setrole = a.grantee and s.setting like 'statement_timeout=%'
                        and d.setdatabase = (select oid from pg_database where datname = current_database())) c on true
 where p.oid = 'queue_statistics.answer_here'::regproc and a.privilege_type = 'EXECUTE' and a.grantee <> p.proowner
   and case when c.milliseconds ~ '^[0-9]{1,9}$' then c.milliseconds::integer <= 5000 else c.milliseconds is null end
