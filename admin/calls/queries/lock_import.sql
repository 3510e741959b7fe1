-- Waits until no other import for the customer runs: two imports at once would both find the same calls missing. The
-- lock ends with the transaction. Only the owner of the schema can hold it up: nobody else may lock a customer's row.
--
-- $1 bigint  customer
--
-- One row:
--   id  bigint
--
-- Served by customers_pkey.
select id from queue_statistics.customers where id = $1::bigint for no key update
