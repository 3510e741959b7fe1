-- Begins to purge a deleted customer: waits until no event is being folded that may name a queue of the customer.
--
-- $1 bigint  customer; error 55000 when it is not deleted
select queue_statistics.begin_purge($1::bigint)
