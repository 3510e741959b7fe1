-- One step of the roll-up, of about 0.1 s; in a transaction of admin::in_roll_up.
--
-- $1 integer  minute since 1970 until which to sum
--
-- One row: state (text): announced, fenced, more, waiting or done.
select state from queue_statistics.roll_up_step($1::integer, 100)
