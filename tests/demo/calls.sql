-- The calls of the demonstration: offers, and the callers they belong to. tests/demo/run runs this file after it has
-- added customers, queues and destinations. One transaction, so that `now` is one moment.
begin;

-- Calls between 1230000000 and 1240000000 (Unix seconds), the period of the functions' published examples, of queue
-- 123: ten calls of destination 123 with 120 seconds of talk time, eleven calls of destination 124, and ten callers, of
-- whom eight were answered. `after`: seconds after the first offer to that caller's destination 123.
insert into queue_statistics.queue_destination_calls
  (queue, destination, uniqueid, start, ringtime, holdtime, talktime, outcome)
select 123, destination, 'example-' || day, to_timestamp(1230000000 + day * 86400 + 30 + after),
       ringtime, holdtime, talktime, outcome::queue_statistics.call_outcome
  from (values
    (123, 1, 0, 4, 12, 5, 'answered'), (124, 1, 0, 4, null, null, 'answered_elsewhere'),
    (123, 2, 0, 7, 20, 10, 'answered'), (124, 2, 0, 7, null, null, 'answered_elsewhere'),
    (123, 5, 0, 3, 3, 15, 'answered'), (124, 5, 0, 3, null, null, 'answered_elsewhere'),
    (124, 8, -33, 20, null, null, 'no_answer'), (123, 8, 0, 5, 41, 20, 'answered'),
    (124, 13, -5, null, null, null, 'busy'), (123, 13, 0, 9, 17, 30, 'answered'),
    (124, 21, -1, 1, null, null, 'failed'), (123, 21, 0, 6, 8, 40, 'answered'),
    (123, 34, 0, 20, null, null, 'no_answer'), (124, 34, 23, 6, 29, 48, 'answered'),
    (123, 35, 0, 20, null, null, 'no_answer'), (124, 35, 23, 3, 26, 180, 'answered'),
    (123, 55, 0, null, null, null, 'busy'), (124, 55, 3, 20, null, null, 'no_answer'),
    (124, 55, 30, 20, null, null, 'no_answer'),
    (123, 89, 0, 11, null, null, 'cancelled'), (124, 89, 0, 11, null, null, 'cancelled')
  ) as example (destination, day, after, ringtime, holdtime, talktime, outcome);
insert into queue_statistics.queue_calls (queue, uniqueid, entered, waittime, talktime, outcome)
select queue, uniqueid, start + make_interval(secs => ringtime - holdtime), holdtime, talktime, 'answered'
  from queue_statistics.queue_destination_calls
 where outcome = 'answered';
insert into queue_statistics.queue_calls (queue, uniqueid, entered, waittime, outcome)
values (123, 'example-55', to_timestamp(1230000000 + 55 * 86400 + 28), 60, 'timeout'),
       (123, 'example-89', to_timestamp(1230000000 + 89 * 86400 + 28), 13, 'abandoned');

-- 7,500 callers of the last 30 days, up to now, and some 14,000 offers. A caller is offered to one destination after
-- the other, every 25 seconds: `missed` times in vain, then the last time. Every fifth answered one rings at a second
-- destination too. What has not happened yet is left out, so that some callers still wait or talk.
select setseed(0.5) \g /dev/null
create temporary table demo_caller on commit drop as
with drawn as materialized (
  select n, random() as place, now() - make_interval(secs => power(random(), 1.5) * 30 * 86400) as entered,
         floor(random() * random() * 5)::integer as missed, floor(1 + random() * 20)::integer as ringtime,
         floor(5 + random() * random() * 900)::integer as talktime, random() as luck
    from generate_series(1, 7500) n
), queue as (
  select queue, row_number() over (order by id) as number, count(*) over () as count
    from queue_statistics.queue_destinations
)
select n, 'demo-' || n as uniqueid, queue, entered, missed, ringtime, 3 + 25 * missed + ringtime as waittime, talktime,
       (case when luck < 0.76 then 'answered' when luck < 0.88 then 'abandoned' when luck < 0.91 then 'timeout'
             when luck < 0.94 then 'key' when luck < 0.96 then 'empty' when luck < 0.98 then 'other' else 'refused'
        end)::queue_statistics.caller_outcome as outcome
  from drawn
  join queue on number = 1 + floor(place * count);

insert into queue_statistics.queue_calls (queue, uniqueid, entered, waittime, talktime, outcome, in_progress)
select queue, uniqueid, entered,
       case when not waits and outcome <> 'refused' then waittime end,
       case when outcome = 'answered' and not waits and not talks then talktime end,
       case when waits then 'waiting' else outcome end,
       outcome = 'answered' and not waits and talks
  from demo_caller
 cross join lateral (select outcome <> 'refused' and entered + make_interval(secs => waittime) > now() as waits,
                            entered + make_interval(secs => waittime + talktime) > now() as talks) so_far
 order by entered;

with destination as (
  select id, queue, row_number() over (partition by queue order by id) - 1 as number,
         count(*) over (partition by queue) as count
    from queue_statistics.queue_destinations
), offer as (
  select c.*, d.id as destination, c.entered + make_interval(secs => 3 + 25 * i) as start, i = c.missed as is_last,
         d.number = (c.n + i) % d.count as is_first,
         (array['no_answer', 'no_answer', 'no_answer', 'busy', 'failed'])[1 + (c.n + i) % 5] as miss
    from demo_caller c
   cross join generate_series(0, c.missed) i
    join destination d on d.queue = c.queue
   where c.outcome <> 'refused' and not (c.outcome = 'empty' and i = c.missed)
     and (d.number = (c.n + i) % d.count
          or d.number = (c.n + i + 1) % d.count and c.outcome = 'answered' and i = c.missed and c.n % 5 = 0)
), fate as (
  select offer.*, (case when not is_first then 'answered_elsewhere' when not is_last then miss
                        when outcome = 'answered' then 'answered' when outcome = 'timeout' then 'no_answer'
                        else 'cancelled' end)::queue_statistics.call_outcome as offer_outcome,
         case when is_last then ringtime when miss = 'no_answer' then 20 when miss = 'failed' then 1 end as rang
    from offer
)
insert into queue_statistics.queue_destination_calls
  (queue, destination, uniqueid, start, ringtime, holdtime, talktime, outcome, in_progress)
select queue, destination, uniqueid, start, rang,
       case when offer_outcome = 'answered' then waittime end,
       case when offer_outcome = 'answered' and not talks then talktime end,
       offer_outcome, offer_outcome = 'answered' and talks
  from fate
 cross join lateral (select start + make_interval(secs => rang + talktime) > now() as talks) so_far
 where start + make_interval(secs => coalesce(rang, 0)) <= now()
 order by start;
commit;
analyze;
