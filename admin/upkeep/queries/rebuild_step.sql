-- Makes a stretch of a queue's sums anew. It runs in a transaction with the locks of a roll-up (in_roll_up in
-- admin/upkeep/sums.cpp).
--
-- $1 bigint   queue
-- $2 integer  minute since 1970 where the stretch begins; 0 at first
--
-- One row:
--   next  integer  minute since 1970 where the next stretch begins; null after the last one
select queue_statistics.rebuild_step($1::bigint, $2::integer)
