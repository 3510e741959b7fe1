-- What `queue-statistics status` reads of rows that a monitor's role may not read: password hashes, names of people,
-- and events, which have callers' numbers. A file of its own because the role of a monitor may read these views
-- (sql/grants/monitor.sql). A view reads with the rights of its owner, and `current_user` in it is who asks.

-- The active people whose stored hash the responder refuses. An empty hash, `*` and `!...` are left out: somebody
-- locked those people on purpose. One row:
--   people  how many
--   names   the first ten usernames, one per line, control characters in them as spaces; null where there is none, and
--           for a role that may not read usernames
create view queue_statistics.refused_hashes as
  with refused as materialized (
    select p.username
      from queue_statistics.people p
     where p.active and p.password not in ('', '*') and p.password not like '!%'
       and not queue_statistics.is_acceptable_hash(p.password)
  )
  select count(*) as people,
         case when has_column_privilege(current_user, 'queue_statistics.people', 'username', 'SELECT')
              then (select string_agg(regexp_replace(f.username, '[[:cntrl:]]', ' ', 'g'), chr(10) order by f.username)
                      from (select r.username from refused r order by r.username limit 10) f) end as names
    from refused;

-- The kinds of event_problems of the last 7 days. `newest`: the beginning of the newest row of the kind; null for a
-- role that may not read these rows. Only that row is fetched, because the rows of a week may be large.
create view queue_statistics.event_problem_kinds as
  select p.source, p.problem, p.events,
         case when has_column_privilege(current_user, 'queue_statistics.event_problems', 'event', 'SELECT')
              then (select left(e.event, 100)
                      from queue_statistics.event_problems e where e.id = p.newest) end as newest
    from (select source, problem, count(*) as events, max(id) as newest
            from queue_statistics.event_problems
           where received > now() - interval '7 days'
           group by source, problem) p;

-- The events that were kept and not folded within the time of two roll-ups, per phone system.
create view queue_statistics.overdue_events as
  select (k.event).source as source, count(*) as events, min(k.received) as since, left(min(k.reason), 100) as reason
    from queue_statistics.kept_events k
   where k.received < now() - interval '11 minutes'
   group by 1;
