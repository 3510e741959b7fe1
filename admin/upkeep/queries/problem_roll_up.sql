-- Calls that the roll-up should have summed by now. It runs every five minutes and stays 15 minutes behind the clock,
-- so two hours are too much.
--
-- One row, or no row:
--   problem  text  with its remedy
select format('the roll-up has come no further than %s UTC, so that long periods are slow to answer. Run it every five '
              'minutes: queue-statistics roll-up',
              to_char(to_timestamp(sealed * 60::bigint) at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS'))
  from queue_statistics.rollup_state
 where to_timestamp(sealed * 60::bigint) < clock_timestamp() - interval '2 hours'
   and exists (select from queue_statistics.queue_destination_calls)
