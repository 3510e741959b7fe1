-- $1 bigint  id
-- queue bigint, dtype text, dnumber text; was_removed boolean: before. No row: there is no such destination.
with before as (
  select queue, id, removed from queue_statistics.queue_destinations where id = $1::bigint for no key update
)
update queue_statistics.queue_destinations d
   set removed = coalesce(before.removed, now())
  from before
 where d.queue = before.queue and d.id = before.id
returning d.queue, d.dtype, d.dnumber, before.removed is not null
