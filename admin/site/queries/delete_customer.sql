-- Marks a customer deleted.
-- $1 bigint
-- name text; queues, people, customers bigint: what is not deleted itself and ends with it. No row: there is no such
-- customer, or it was deleted before.
with recursive ended as (
  update queue_statistics.customers set deleted = true where id = $1::bigint and not deleted returning id, name
), below (id, deleted) as (
  select id, false from ended
  union
  select c.id, c.deleted from below b join queue_statistics.customers c on c.parent = b.id
)
select name,
       (select count(*) from queue_statistics.queues where customer in (select id from below) and not deleted),
       (select count(*) from queue_statistics.people where customer in (select id from below) and active),
       (select count(*) from (select distinct id from below where not deleted and id <> ended.id) b)
  from ended
