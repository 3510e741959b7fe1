-- One step of the roll-up, of about 0.1 s. It runs in a transaction with the locks of a roll-up (in_roll_up in
-- admin/upkeep/sums.cpp).
--
-- $1 integer  minute since 1970 up to which to sum
--
-- One row:
--   state  text  forgotten, announced, fenced, more, waiting or done
select state from queue_statistics.roll_up_step($1::integer, 100)
