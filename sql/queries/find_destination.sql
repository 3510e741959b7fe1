-- A current destination, for a person who may see its queue.
--
-- $1 bigint  person
-- $2 bigint  destination
--
-- No row when the destination is absent or removed, its queue is deleted, or the person may not see the queue.
-- Otherwise one row with the columns of list_destinations.sql.
--
-- Served by queue_destinations_id_key and queues_pkey.
select d.id, d.queue, d.dtype, d.dnumber, d.available, d.priority
  from queue_statistics.destination($2::bigint) d
  join queue_statistics.queues q on q.id = d.queue and not q.deleted
 where queue_statistics.may_see_queue($1::bigint, d.queue)
