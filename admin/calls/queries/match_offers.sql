-- Finds the calls that the imported offers already are. When several calls agree in queue, destination, uniqueid and
-- start, the n-th of these calls by id is the n-th such line of the file.
--
-- $1 bigint  customer
--
-- Served by queues_customer_name, the key (queue, dtype, dnumber) of queue_destinations, and
-- queue_destination_calls_start.
with offered as (
  select i.*, q.id as queue_id, d.id as destination_id,
         row_number() over (partition by i.queue, i.dtype, i.dnumber, i.uniqueid, i.start order by i.line) as ordinal
    from pg_temp.imported_calls i
    left join queue_statistics.queues q on q.customer = $1::bigint and q.name = i.queue and not q.deleted
    left join queue_statistics.queue_destinations d
      on d.queue = q.id and d.dtype = i.dtype and d.dnumber = i.dnumber
), known as (
  select c.*, row_number() over (partition by c.queue, c.destination, c.uniqueid, c.start order by c.id) as ordinal
    from queue_statistics.queue_destination_calls c
   where (c.queue, c.start) in (select queue_id, start from offered where destination_id is not null)
)
insert into pg_temp.matched_calls (line, queue, destination, call, differs)
select o.line, o.queue_id, o.destination_id, k.id,
       k.id is not null and (k.ringtime, k.holdtime, k.talktime, k.outcome, k.in_progress)
         is distinct from (o.ringtime, o.holdtime, o.talktime, o.outcome, o.in_progress)
  from offered o
  left join known k
    on k.queue = o.queue_id and k.destination = o.destination_id and k.uniqueid = o.uniqueid and k.start = o.start
   and k.ordinal = o.ordinal
