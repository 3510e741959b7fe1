-- Adds the queues that lines of a followed log name and the customer lacks.
--
-- $1 text    source: the phone system's name
-- $2 bigint  customer
-- $3 text[]  lines
--
-- One row per queue that was added:
--   name  text
--
-- Served by queues_customer_name.
insert into queue_statistics.queues (customer, name)
select $2::bigint, n.name
  from (select distinct (e.event).queue_name as name
          from unnest($3::text[]) l (line)
         cross join lateral (select string_to_array(l.line, '|') as f) s
         cross join lateral queue_statistics.asterisk_event(
           $1, s.f[1], s.f[2], s.f[3], s.f[4], s.f[5], array_to_string(s.f[6:], '|')) e
         where (e.event).kind <> 'restart') n
 where char_length(n.name) between 1 and 255 and queue_statistics.queue_of(n.name, $2::bigint) is null
   and not queue_statistics.is_nobodys(n.name)
    on conflict (customer, name) where not deleted do nothing
returning name
