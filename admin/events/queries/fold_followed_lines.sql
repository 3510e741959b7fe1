-- Folds lines of a followed log, and names the lines that could not be read.
--
-- $1 text      source: the phone system's name
-- $2 bigint    customer
-- $3 text[]    lines
-- $4 bigint[]  their numbers in the log
--
-- The first row has two nulls. Then one row per line that could not be read:
--   number   bigint  of the line
--   problem  text
--
-- Served by what serves fold_events: phone_events_pkey, phone_events_agent, queues_customer_name.
with lines as materialized (
  select l.number, e.event, e.problem
    from unnest($3::text[], $4::bigint[]) l (line, number)
   cross join lateral (select string_to_array(l.line, '|') as f) s
   cross join lateral queue_statistics.asterisk_event(
     $1, s.f[1], s.f[2], s.f[3], s.f[4], s.f[5], array_to_string(s.f[6:], '|')) e
   where (e.event).kind is not null or e.problem is not null
)
select null::bigint as number, null::text as problem
 where queue_statistics.fold_each(
         array(select event from lines where problem is null order by number),
         'followed_file', $2::bigint) is not null
union all
select number, problem from lines where problem is not null
 order by number nulls first
