-- The queues of a customer, or all queues, deleted ones too, by id.
--
-- $1 bigint  customer; null: all
--
-- One row per queue:
--   id        bigint
--   customer  bigint
--   name      text
--   deleted   text    true or false
select id, customer, name, deleted::text
  from queue_statistics.queues
 where $1::bigint is null or customer = $1::bigint
 order by id
