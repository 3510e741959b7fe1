-- A seal that was lost, or set back by other means than the roll-up's own. Logical replication, for instance, does not
-- carry the value of a sequence. Writers compare with the seal, so late calls may have been missed since.
--
-- One row, or no row:
--   problem  text  with its remedy
select 'the value of the sequence queue_statistics.rollup_seal was lost or set back, so that sums may miss calls. Make '
       'the sums anew: queue-statistics roll-up'
  from queue_statistics.rollup_state
 where sealed > 0 and (pg_sequence_last_value('queue_statistics.rollup_seal') >= sealed) is not true
