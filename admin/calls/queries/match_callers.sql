-- Finds the rows that the imported callers already are. When several rows agree in queue, uniqueid and the entry, the
-- n-th of these rows by id is the n-th such line of the file.
--
-- $1 bigint  customer
--
-- Served by queues_customer_name and queue_calls_entered.
with caller as (
  select i.*, q.id as queue_id,
         row_number() over (partition by i.queue, i.uniqueid, i.entered order by i.line) as ordinal
    from pg_temp.imported_calls i
    left join queue_statistics.queues q on q.customer = $1::bigint and q.name = i.queue and not q.deleted
), known as (
  select c.*, row_number() over (partition by c.queue, c.uniqueid, c.entered order by c.id) as ordinal
    from queue_statistics.queue_calls c
   where (c.queue, c.entered) in (select queue_id, entered from caller where queue_id is not null)
)
insert into pg_temp.matched_calls (line, queue, call, differs)
select i.line, i.queue_id, k.id,
       k.id is not null and (k.waittime, k.talktime, k.outcome, k.in_progress)
         is distinct from (i.waittime, i.talktime, i.outcome, i.in_progress)
  from caller i
  left join known k
    on k.queue = i.queue_id and k.uniqueid = i.uniqueid and k.entered = i.entered and k.ordinal = i.ordinal
