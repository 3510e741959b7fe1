-- $1 bigint  queue
-- id, dtype, dnumber, available, priority, removed: UTC, empty while current
select id, dtype, dnumber, available::text, priority, to_char(removed, 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
  from queue_statistics.queue_destinations
 where queue = $1::bigint
 order by dtype, dnumber
