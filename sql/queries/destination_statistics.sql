-- The offers to one destination, current or removed, in one or more periods, for a person who may see its queue.
--
-- $1 bigint     person
-- $2 bigint     destination
-- $3 bigint[]   edges of the periods, as offers() takes them, at most 253402300800
-- $4 integer[]  their labels, likewise
--
-- No row when the destination is absent, its queue is deleted, or the person may not see the queue. Otherwise the rows
-- of offers(), or one row of nulls when there are none.
--
-- Served by queue_destinations_id_key and queues_pkey; offers() as in queue_statistics.sql.
select o.*
  from queue_statistics.queue_destinations d
  join queue_statistics.queues q on q.id = d.queue and not q.deleted
  left join lateral queue_statistics.offers(d.queue, d.id, $3::bigint[], $4::integer[]) o on true
 where d.id = $2::bigint and queue_statistics.may_see_queue($1::bigint, d.queue)
