-- One step of setting back a seal that is ahead. It runs in a transaction with the locks of a roll-up (in_roll_up
-- in admin/upkeep/sums.cpp), again and again until the state is `done`.
--
-- $1 integer  minute since 1970 that the seal should not be ahead of
--
-- One row:
--   state  text  lowered or done
select state from queue_statistics.lower_seal($1::integer)
