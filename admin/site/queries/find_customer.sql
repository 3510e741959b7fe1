-- A customer by its id. `union` ends the walk at a cycle.
--
-- $1 bigint  customer
--
-- No row when the customer does not exist. Otherwise one row:
--   name           text
--   deleted        boolean  the customer itself
--   deleted_above  boolean  a customer above it
--
-- Served by customers_pkey.
with recursive line (id, parent, name, deleted) as (
  select id, parent, name, deleted from queue_statistics.customers where id = $1::bigint
  union
  select c.id, c.parent, c.name, c.deleted from line l join queue_statistics.customers c on c.id = l.parent
)
select own.name, own.deleted, coalesce((select bool_or(deleted) from line where id <> own.id), false)
  from line own
 where own.id = $1::bigint
