-- Deletes up to a thousand people of a deleted customer and of customers below it, with their tokens.
--
-- $1 bigint  customer
--
-- Served by people_customer and tokens_person.
with gone as (
  select p.id from queue_statistics.people p
   where p.customer in (select id from queue_statistics.customer_tree($1::bigint)) limit 1000
), tokens as (
  delete from queue_statistics.tokens where person = any (array(select id from gone))
)
delete from queue_statistics.people where id = any (array(select id from gone))
