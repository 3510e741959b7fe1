-- Deletes old rows among the next 10,000 of event_problems, in the order in which they came: problems of rows that came
-- before a day, or whose own time is before it. A row of Asterisk begins with its time.
--
-- $1 bigint  id of the last row that was looked at; 0 at first
-- $2 date    rows from before this day, UTC
--
-- One row:
--   last     bigint  id of the last row that was looked at; null: there are no more
--   deleted  bigint  how many were deleted
--
-- Served by event_problems_pkey.
with next as (
  select id, received < day or coalesce(queue_statistics.event_time(split_part(event, '|', 1)) < day, false) as is_old
    from (select *, $2::date::timestamp at time zone 'UTC' as day
            from queue_statistics.event_problems where id > $1::bigint order by id limit 10000) n
), gone as (
  delete from queue_statistics.event_problems where id = any (array(select id from next where is_old)) returning id
)
select max(id), (select count(*) from gone) from next
