-- As lock_import, but does not wait.
--
-- $1 bigint  customer
--
-- No row when another transaction has the lock. Otherwise one row:
--   id  bigint
--
-- Served by customers_pkey.
select id from queue_statistics.customers where id = $1::bigint for no key update skip locked
