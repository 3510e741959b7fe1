-- The number of callers, counted or estimated as in count_calls, and since when there are any.
--
-- One row:
--   callers  bigint
--   exact    boolean  counted, not estimated
--   since    text     the first one's entry, UTC; null when there are none
--
-- Served by queue_calls_entered, once per queue.
select case when n.counted <= 100000 then n.counted
            else greatest(100000, (select sum(reltuples)::bigint
                                     from (select 'queue_statistics.queue_calls'::regclass as id
                                           union
                                           select relid from pg_partition_tree('queue_statistics.queue_calls')) t
                                     join pg_class c on c.oid = t.id
                                    where c.relkind = 'r'))
       end,
       n.counted <= 100000,
       (select to_char(min(first.entered) at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS')
          from queue_statistics.queues q
         cross join lateral (select min(c.entered) as entered from queue_statistics.queue_calls c
                              where c.queue = q.id) first)
  from (select count(*) as counted from (select from queue_statistics.queue_calls limit 100001) few) n
