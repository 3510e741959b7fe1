-- Calls of some queues: psql -v low=K * 10^12 -v queues={1,2,...}. What is made of a queue is the same in every
-- database. Destinations get ids from `low` on, as a shard gives them.
begin;
set local search_path = queue_statistics;
insert into queue_destinations (id, queue, dtype, dnumber, priority, available, removed)
select :low + q * 100 + n, q, case n % 3 when 0 then 'forward' else 'phone' end,
       (array['1234567', '+49 30 "1"', 'a,b\c', 'NULL', '{x}', '1000' || q])[n], n, n <> 2,
       case n when 5 then timestamptz '2026-01-01' end
  from unnest(:'queues'::bigint[]) q
 cross join generate_series(1, 6) n
 where q not in (3, 9);  -- no destinations
-- A fraction of a second, which must not be lost on the way.
insert into queue_destination_calls (queue, destination, uniqueid, start, ringtime, holdtime, talktime, outcome,
                                     in_progress)
select d.queue, d.id, 'call ' || n, timestamptz '2026-11-24 10:00Z' - n * n * interval '7.25 s', n % 40,
       case n % 3 when 0 then n % 90 end, case when n % 3 = 0 and n % 30 > 0 then n % 300 end,
       (case n % 3 when 0 then 'answered' when 1 then 'no_answer' else 'cancelled' end)::call_outcome, n % 30 = 0
  from generate_series(1, 2000) n
  join unnest(:'queues'::bigint[]) q on n % 7 <> q % 7
  join queue_destinations d on d.id = :low + q * 100 + 1 + n % 6;
insert into queue_calls (queue, uniqueid, entered, waittime, talktime, outcome, in_progress)
select q, 'caller ' || n, timestamptz '2026-11-24 10:00Z' - n * n * interval '7.25 s',
       case when n % 5 < 3 then n % 200 end, case n % 5 when 0 then n % 300 end,
       (case n % 5 when 0 then 'answered' when 1 then 'abandoned' when 2 then 'timeout' when 3 then 'refused'
                   else 'waiting' end)::caller_outcome, false
  from generate_series(1, 2000) n
  join unnest(:'queues'::bigint[]) q on n % 7 <> q % 7
 where q not in (3, 9);
commit;
