-- Roles of phone systems that cannot write as they should, and sources that more than one phone system seems to write.
--
-- One row per problem:
--   problem  text
--
-- Served by phone_system_roles_pkey.
with writers as (
  select a.source, a.role::text || ' at ' || a.address as writer
    from queue_statistics.phone_system_addresses a
   where a.seen > now() - interval '1 day'
)
select format('the server knows no time zone %s of role %s, so that times of its rows cannot be read: queue-statistics '
              'grant phone-system %s --timezone ZONE', quote_literal(r.timezone), r.role, r.role)
  from queue_statistics.phone_system_roles r
 where r.timezone not in (select name from pg_timezone_names)
union all
select format('role %s may insert events and is bound to no phone system, so that its INSERTs fail: '
              'queue-statistics grant phone-system %1$s', g.role)
  from (select distinct x.grantee::regrole as role
          from pg_attribute a
          join pg_class c on c.oid = a.attrelid
         cross join lateral aclexplode(a.attacl) x
         where a.attrelid in ('queue_statistics.queue_log'::regclass, 'queue_statistics.freeswitch_events'::regclass)
           and a.attacl is not null and x.privilege_type = 'INSERT' and x.grantee not in (0, c.relowner)) g
 where g.role not in (select role from queue_statistics.phone_system_roles)
union all
select format('role %s is bound to a phone system and does not exist: delete from queue_statistics.phone_system_roles '
              'where role = %1$s;', r.role::oid)
  from queue_statistics.phone_system_roles r
 where r.role not in (select oid from pg_roles)
union all
select format('%s is the source of %s, within a day. Where these are several phone systems, a restart of one ends the '
              'calls of the others: give each a role and a source of its own: queue-statistics grant phone-system ROLE '
              '--source NAME', w.source, string_agg(w.writer, ', ' order by w.writer))
  from writers w
 group by w.source
having count(*) > 1
union all
select format('the roles %s are bound to the same source, %s: give each phone system one of its own: queue-statistics '
              'grant phone-system ROLE --source NAME', string_agg(r.role::text, ', ' order by r.role::text), r.source)
  from queue_statistics.phone_system_roles r
 where r.source is not null
   and not exists (select from writers w where w.source = r.source having count(*) > 1)
 group by r.source
having count(*) > 1
order by 1
