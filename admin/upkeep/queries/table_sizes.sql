-- How much room the tables take, their indexes among it.
--
-- One row per part that has any, the largest first; then all of the schema:
--   part   text
--   size   text    such as 12 MB
--   bytes  bigint
with tables as (
  select case c.relname when 'queue_destination_calls' then 'calls'
                        when 'queue_calls' then 'callers'
                        when 'phone_events' then 'events'
                        when 'queue_log' then 'rows of phone systems'
                        when 'freeswitch_events' then 'rows of phone systems'
                        when 'event_problems' then 'problems'
                        else case when c.relname like 'rollup%' then 'sums' else 'the rest' end end as part,
         (select sum(pg_total_relation_size(t.id))
            from (select c.oid as id union select relid from pg_partition_tree(c.oid)) t) as bytes
    from pg_class c
   where c.relnamespace = 'queue_statistics'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
)
select part, pg_size_pretty(sum(bytes)) as size, sum(bytes)::bigint as bytes
  from tables
 group by grouping sets ((part), ())
 order by part is null, sum(bytes) desc
