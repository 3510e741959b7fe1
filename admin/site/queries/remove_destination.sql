-- Marks a destination removed, now. One that was removed before keeps its time.
--
-- $1 bigint  destination
--
-- No row when the destination does not exist. Otherwise one row:
--   queue           bigint
--   dtype, dnumber  text
--   was_removed     boolean  the destination was removed before
--
-- Served by queue_destinations_id_key and queue_destinations_pkey.
with before as (
  select queue, id, removed from queue_statistics.queue_destinations where id = $1::bigint for no key update
)
update queue_statistics.queue_destinations d
   set removed = coalesce(before.removed, now())
  from before
 where d.queue = before.queue and d.id = before.id
returning d.queue, d.dtype, d.dnumber, before.removed is not null
