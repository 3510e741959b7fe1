-- Events that wait here for a queue of their name, 1,000 at most, as an array of rows.
--
-- $1 text[]  the phone systems
--
-- One row:
--   events  text
--   count   bigint
--
-- Served by phone_events_waiting.
select array_agg(w), count(*)
  from (select e from queue_statistics.phone_events e
         where e.queue is null and e.source = any ($1::text[]) limit 1000) n (w)
