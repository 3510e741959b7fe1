-- Makes a stretch of a queue's sums anew; in a transaction of admin::in_roll_up.
--
-- $1 bigint   queue
-- $2 integer  where the stretch begins; 0 at first
--
-- One row: where the next one begins, null after the last.
select queue_statistics.rebuild_step($1::bigint, $2::integer)
