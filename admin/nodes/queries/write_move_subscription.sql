-- The statement by which a shard copies and follows queues of another. It cannot run in a transaction.
--
-- $1 text  name of the subscription
-- $2 text  how this shard reaches the other one, a connection string
--
-- One row:
--   statement  text
select format('create subscription %I connection %L publication queue_statistics_move;', $1::text, $2::text)
