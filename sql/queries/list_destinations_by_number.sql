-- The current destinations of a type and number in all queues that a person may see.
--
-- $1 bigint  person
-- $2 text    dtype, exact
-- $3 text    dnumber, exact
--
-- One row per destination, ordered by the queue's id, with the columns of list_destinations.sql.
--
-- Served by queue_destinations_number, queues_pkey and customers_pkey. Each customer is asked about once, however many
-- queues it has.
with found as materialized (
  select d.id, d.queue, d.dtype, d.dnumber, d.available, d.priority, q.customer
    from queue_statistics.destinations_by_number($2::text, $3::text) d
    join queue_statistics.queues q on q.id = d.queue and not q.deleted
)
select f.id, f.queue, f.dtype, f.dnumber, f.available, f.priority
  from found f
  join queue_statistics.visible_customers($1::bigint, array(select distinct f.customer from found f)) v (customer)
    on v.customer = f.customer
 order by f.queue
