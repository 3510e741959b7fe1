-- The destinations of a queue, removed ones too, by dtype and dnumber.
--
-- $1 bigint  queue
--
-- One row per destination:
--   id              bigint
--   dtype, dnumber  text
--   available       text      true or false
--   priority        smallint
--   removed         text      ISO 8601 in the session's TimeZone, which is UTC; null while current
--
-- Served by the key (queue, dtype, dnumber) of queue_destinations.
select id, dtype, dnumber, available::text, priority, to_char(removed, 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
  from queue_statistics.queue_destinations
 where queue = $1::bigint
 order by dtype, dnumber
