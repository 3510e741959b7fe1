-- The minute up to which a roll-up should sum: 15 minutes ago. Most calls have ended by then, so that their end, an
-- update, does not make a minute dirty again.
--
-- A clock that is years ahead would make every later call a late one. So a target over 7 days past both the newest call
-- and the seal is cut to just after the newest call. Without any call, nothing speaks against the clock.
--
-- $1 boolean  trust the clock: never cut
--
-- One row:
--   minute  bigint  since 1970
--   newest  text    the newest call, UTC, when the target was cut; else null
--
-- Served by queue_destination_calls_start and queue_calls_entered, once per queue, and only where the seal is over 7
-- days old.
with clock as (
  select floor(extract(epoch from clock_timestamp()) / 60)::bigint - 15 as target,
         greatest(pg_sequence_last_value('queue_statistics.rollup_seal'), sealed) as seal
    from queue_statistics.rollup_state
),
calls as (
  select target,
         case when not $1::boolean and target > seal + 7 * 1440
              then (select queue_statistics.rollup_minute(max(greatest(o.start, e.entered)))
                      from queue_statistics.queues q
                     cross join lateral (select max(c.start) as start
                                           from queue_statistics.queue_destination_calls c
                                          where c.queue = q.id) o
                     cross join lateral (select max(c.entered) as entered
                                           from queue_statistics.queue_calls c
                                          where c.queue = q.id) e) end as newest
    from clock
)
select case when target > newest + 7 * 1440 then newest + 1 else target end,
       case when target > newest + 7 * 1440
            then to_char(to_timestamp(newest * 60) at time zone 'UTC', 'YYYY-MM-DD HH24:MI') end
  from calls
