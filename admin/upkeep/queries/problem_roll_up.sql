-- Calls that the roll-up should have summed by now, and a seal that is ahead of the clock. The roll-up runs every five
-- minutes and stays 15 minutes behind the clock, so two hours are too much. A site without such calls lacks nothing.
--
-- One row per problem:
--   problem  text  with its remedy
--
-- Served by queue_destination_calls_start and queue_calls_entered, once per queue at most.
with roll_up (sealed, seal) as (
  select to_timestamp(sealed * 60::bigint), to_timestamp(60 * pg_sequence_last_value('queue_statistics.rollup_seal'))
    from queue_statistics.rollup_state
)
select format('the roll-up has come no further than %s UTC, so that long periods are slow to answer. Run it every five '
              'minutes: queue-statistics roll-up',
              to_char(sealed at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS'))
  from roll_up
 where exists (select
                 from queue_statistics.queues q
                cross join lateral (select
                                      from queue_statistics.queue_destination_calls c
                                     where c.queue = q.id and c.start >= sealed
                                       and c.start < clock_timestamp() - interval '2 hours'
                                     limit 1) c)
    or exists (select
                 from queue_statistics.queues q
                cross join lateral (select
                                      from queue_statistics.queue_calls c
                                     where c.queue = q.id and c.entered >= sealed
                                       and c.entered < clock_timestamp() - interval '2 hours'
                                     limit 1) c)
union all
select format('the roll-up''s seal, %s UTC, is ahead of the clock, so that each new call makes sums anew. Set it back: '
              'queue-statistics roll-up --rebuild',
              to_char(seal at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS'))
  from roll_up
 where seal > clock_timestamp() + interval '1 hour'
