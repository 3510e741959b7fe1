-- A page of a customer's queues that are not deleted, for a person who may see them.
--
-- $1 bigint   person
-- $2 bigint   customer; 0: the person's own
-- $3 text     what they are sorted by: `name` (bytewise) or `id`
-- $4 boolean  in descending order
-- $5 bigint   the most queues; 0: all
-- $6 bigint   how many queues come before the page
--
-- No row when the customer is absent or deleted, or the person may not see it. Otherwise one row per queue, in order:
--   id        bigint
--   customer  bigint
--   name      text
-- ... or one row without id and name when the page has no queue.
--
-- Served by queues_customer_name and queues_customer_id. Each order has a branch, which walks its index and ends with
-- the page; the branches of the other orders do not run. Then only the page is sorted. Names need no id to be in order:
-- among the queues that are not deleted a customer has each name once.
select q.id, v.customer, q.name
  from queue_statistics.visible_customers(
         $1::bigint, array[coalesce(nullif($2::bigint, 0), queue_statistics.customer_of($1))]) v (customer)
  left join lateral (
    (select q.id, q.name from queue_statistics.queues q
      where q.customer = v.customer and not q.deleted and $3::text = 'name' and not $4::boolean
      order by q.name limit nullif($5::bigint, 0) offset $6::bigint)
    union all
    (select q.id, q.name from queue_statistics.queues q
      where q.customer = v.customer and not q.deleted and $3 = 'name' and $4
      order by q.name desc limit nullif($5, 0) offset $6)
    union all
    (select q.id, q.name from queue_statistics.queues q
      where q.customer = v.customer and not q.deleted and $3 = 'id' and not $4
      order by q.id limit nullif($5, 0) offset $6)
    union all
    (select q.id, q.name from queue_statistics.queues q
      where q.customer = v.customer and not q.deleted and $3 = 'id' and $4
      order by q.id desc limit nullif($5, 0) offset $6)
  ) q on true
 order by case when $3 = 'name' and not $4 then q.name end, case when $3 = 'name' and $4 then q.name end desc,
          case when $3 = 'id' and not $4 then q.id end, case when $3 = 'id' and $4 then q.id end desc
