-- Deletes the problems of a deleted customer's queues among the next 10,000: those of rows with a name that only these
-- queues have. A row of Asterisk has the name in its third field, one of FreeSWITCH in a header, as far as it can be
-- read.
--
-- $1 bigint  customer
-- $2 bigint  id of the last row that was looked at; 0 at first
--
-- One row:
--   last     bigint  id of the last row that was looked at; null: there are no more
--   deleted  bigint  how many were deleted
--
-- Served by event_problems_pkey.
with names as materialized (
  select name from queue_statistics.purged_names($1::bigint) where not shared
), next as materialized (
  select id, event from queue_statistics.event_problems where id > $2::bigint order by id limit 10000
), gone as (
  delete from queue_statistics.event_problems
   where id in (select id from next
                 where split_part(event, '|', 3) in (select name from names)
                    or queue_statistics.event_headers(event) ->> 'CC-Queue' in (select name from names))
  returning id
)
select max(id), (select count(*) from gone) from next
