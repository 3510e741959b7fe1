-- The calls of the demonstration. tests/demo/run runs this file after it has added customers, queues and destinations.

-- Calls between 1230000000 and 1240000000 (Unix seconds), the period of the function's published examples: ten calls
-- of destination 123 with 120 seconds of talk time, and eleven calls of destination 124.
insert into queue_statistics.queue_destination_calls
  (queue, destination, uniqueid, start, ringtime, holdtime, talktime, outcome)
select 123, destination, 'example-' || destination || '-' || day, to_timestamp(1230000000 + day * 86400 + 30),
       ringtime, holdtime, talktime, outcome::queue_statistics.call_outcome
  from (values
    (123, 1, 4, 12, 5, 'answered'), (123, 2, 7, 20, 10, 'answered'), (123, 5, 3, 3, 15, 'answered'),
    (123, 8, 5, 41, 20, 'answered'), (123, 13, 9, 17, 30, 'answered'), (123, 21, 6, 8, 40, 'answered'),
    (123, 34, 20, null, null, 'no_answer'), (123, 35, 20, null, null, 'no_answer'),
    (123, 55, null, null, null, 'busy'), (123, 89, 11, null, null, 'cancelled'),
    (124, 1, 4, null, null, 'answered_elsewhere'), (124, 2, 7, null, null, 'answered_elsewhere'),
    (124, 3, 2, 9, 61, 'answered'), (124, 7, 8, 15, 12, 'answered'), (124, 14, 5, 5, 94, 'answered'),
    (124, 28, 10, 33, 7, 'answered'), (124, 34, 6, 29, 48, 'answered'), (124, 35, 3, 26, 180, 'answered'),
    (124, 56, 4, 4, 33, 'answered'), (124, 88, 20, null, null, 'no_answer'), (124, 89, 1, null, null, 'failed')
  ) as example (destination, day, ringtime, holdtime, talktime, outcome);

-- 12,000 calls of the last 30 days, up to now. Each call is offered to one destination of a queue. Two of three calls
-- are answered; the newest of these are still in progress.
select setseed(0.5);
with destination as materialized (
  select array_agg(array[queue, id]) as pairs from queue_statistics.queue_destinations
), offer as materialized (
  select n, 1 + floor(random() * cardinality(pairs) / 2)::integer as pick, pairs,
         now() - make_interval(secs => power(random(), 1.5) * 30 * 86400) as start,
         floor(1 + random() * 20)::integer as ringtime, floor(random() * 90)::integer as waited,
         floor(5 + random() * random() * 900)::integer as talktime, random() as luck
    from generate_series(1, 12000) n, destination
), fate as (
  select offer.*, (case when luck < 0.66 then 'answered' when luck < 0.80 then 'no_answer' when luck < 0.86 then 'busy'
                        when luck < 0.94 then 'cancelled' when luck < 0.99 then 'answered_elsewhere' else 'failed'
                   end)::queue_statistics.call_outcome as outcome,
         start + make_interval(secs => ringtime + talktime) > now() as talking
    from offer
)
insert into queue_statistics.queue_destination_calls
  (queue, destination, uniqueid, start, ringtime, holdtime, talktime, outcome, in_progress)
select pairs[pick][1], pairs[pick][2], 'demo-' || n, start,
       case when outcome <> 'busy' then ringtime end,
       case when outcome = 'answered' then waited + ringtime end,
       case when outcome = 'answered' and not talking then talktime end,
       outcome, outcome = 'answered' and talking
  from fate;

-- The callers who were answered, hung up, or gave up after the last phone had rung.
insert into queue_statistics.queue_calls (queue, uniqueid, entered, waittime, talktime, outcome, in_progress)
select queue, uniqueid, start + make_interval(secs => ringtime - coalesce(holdtime, ringtime)),
       coalesce(holdtime, ringtime), talktime,
       (case outcome when 'answered' then 'answered' when 'cancelled' then 'abandoned' else 'timeout'
        end)::queue_statistics.caller_outcome, in_progress
  from queue_statistics.queue_destination_calls
 where outcome in ('answered', 'cancelled', 'no_answer');
analyze;
