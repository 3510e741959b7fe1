-- Tables and functions of tests/rollup/stress, in a database with all migrations.
-- Queues 1 to 8 have 5 destinations each. Queue q starts with buckets of the q-th width, so that buckets of many widths
-- are tested.
\set ON_ERROR_STOP 1
create schema stress;
grant usage on schema stress to public;
insert into queue_statistics.customers (id, name) values (1, 'Stress');
insert into queue_statistics.people (id, customer, role, username, password)
select 1, 1, id, 'stress', '*' from queue_statistics.roles where name = 'User';
insert into queue_statistics.queues (id, customer, name) select q, 1, 'Queue ' || q from generate_series(1, 8) q;
insert into queue_statistics.queue_destinations (queue, id, dtype, dnumber)
select q, q * 10 + d, 'phone', (q * 10 + d)::text from generate_series(1, 8) q, generate_series(1, 5) d;
insert into queue_statistics.rollup_watermarks (queue, width, watermark)
select q, (queue_statistics.rollup_widths())[q], 0 from generate_series(1, 8) q;

-- The clock of the test, in minutes since 1970. Each step of a roll-up moves it by five minutes, so that the clock goes
-- as fast as roll-ups do.
create sequence stress.clock;
create function stress.now_minute() returns integer language sql volatile as $$
  select 29000000 + 5 * last_value::integer from stress.clock $$;

-- When a call starts: mostly within an hour of the clock, sometimes up to 40,000 minutes before it or 20,000 minutes
-- ahead of it.
create function stress.start() returns timestamptz language sql volatile as $$
  select to_timestamp(60 * (stress.now_minute() + case
           when r < 0.6 then random() * 120 - 60 when r < 0.9 then -random() * 15000
           when r < 0.95 then random() * 20000 else -random() * 40000 end))
    from (select random() r) r $$;

-- A queue; those with a low number more often.
create function stress.queue() returns bigint language sql volatile as $$
  select 1 + floor(random() ^ 1.5 * 8)::bigint $$;

-- A call with times and an outcome that fit together. One call of fifty starts at a whole minute of the clock.
create type stress.call as (
  queue bigint, destination bigint, start timestamptz, ringtime integer, holdtime integer, talktime integer,
  outcome queue_statistics.call_outcome, in_progress boolean);
create function stress.call(queue bigint) returns stress.call language sql volatile as $$
  select row(queue, queue * 10 + 1 + floor(random() * 5), case
               when random() < 0.02 then to_timestamp(stress.now_minute() * 60::bigint) else stress.start() end,
             case when outcome <> 'busy' then nullif(floor(random() * 40), 7) end,
             case when outcome = 'answered' then nullif(floor(random() ^ 3 * 300), 9) end,
             case when outcome = 'answered' and not talks then nullif(floor(random() ^ 4 * 5000), 3) end,
             outcome, talks)::stress.call
    from (select outcome, outcome = 'answered' and random() < 0.2 talks
            from (select (enum_range(null::queue_statistics.call_outcome))[1 + floor(random() ^ 2 * 6)::int] outcome) o
         ) c
  $$;
create function stress.calls(n integer) returns setof stress.call language sql volatile as $$
  select c.* from generate_series(1, n) i
   cross join lateral (select stress.queue() + 0 * i queue offset 0) q cross join lateral stress.call(q.queue) c $$;

-- A caller, in the same way. Many wait as long as one of the limits of seconds, or a second more.
create type stress.caller as (
  queue bigint, entered timestamptz, waittime integer, talktime integer,
  outcome queue_statistics.caller_outcome, in_progress boolean);
create function stress.caller(queue bigint) returns stress.caller language sql volatile as $$
  select row(queue, case
               when random() < 0.02 then to_timestamp(stress.now_minute() * 60::bigint) else stress.start() end,
             case when outcome not in ('waiting', 'refused') then nullif(case
               when random() < 0.5 then ('{0,3,5,10,15,20,25,30,45,60,90,120,180,240,300,600,900}'::integer[])
                                        [1 + floor(random() * 17)::int] + floor(random() * 2)::int
               else floor(random() ^ 3 * 1500)::int end, 7) end,
             case when outcome = 'answered' and not talks then nullif(floor(random() ^ 4 * 5000)::int, 3) end,
             outcome, talks)::stress.caller
    from (select outcome, outcome = 'answered' and random() < 0.2 talks
            from (select (enum_range(null::queue_statistics.caller_outcome))[1 + floor(random() ^ 1.5 * 8)::int] outcome
                 ) o) c
  $$;
create function stress.callers(n integer) returns setof stress.caller language sql volatile as $$
  select c.* from generate_series(1, n) i
   cross join lateral (select stress.queue() + 0 * i queue offset 0) q cross join lateral stress.caller(q.queue) c $$;

-- Inserts so many calls, and as many callers.
create function stress.insert(n integer) returns void language sql volatile as $$
  insert into queue_statistics.queue_destination_calls
         (queue, destination, uniqueid, start, ringtime, holdtime, talktime, outcome, in_progress)
  select queue, destination, '', start, ringtime, holdtime, talktime, outcome, in_progress from stress.calls(n);
  insert into queue_statistics.queue_calls (queue, uniqueid, entered, waittime, talktime, outcome, in_progress)
  select queue, '', entered, waittime, talktime, outcome, in_progress from stress.callers(n) $$;

-- One of five changes to a call, or to the calls of an hour.
create function stress.update_calls() returns void language plpgsql volatile as $$
declare
  q bigint := stress.queue();
  s timestamptz := stress.start();
  c stress.call := stress.call(stress.queue());
  one bigint;
begin
  select id into one from queue_statistics.queue_destination_calls where queue = q and start >= s
   order by start limit 1;
  case floor(random() * 5)
    when 0 then
      update queue_statistics.queue_destination_calls set talktime = coalesce(talktime, 0) + 1, in_progress = false
       where queue = q and id = one and outcome = 'answered';
    when 1 then
      update queue_statistics.queue_destination_calls set start = c.start where queue = q and id = one;
    when 2 then
      update queue_statistics.queue_destination_calls set queue = c.queue, destination = c.destination
       where queue = q and id = one;
    when 3 then
      update queue_statistics.queue_destination_calls
         set (destination, start, ringtime, holdtime, talktime, outcome, in_progress)
             = (q * 10 + 2, c.start, c.ringtime, c.holdtime, c.talktime, c.outcome, c.in_progress)
       where queue = q and start >= s and start < s + interval '1 hour';
    else
      update queue_statistics.queue_destination_calls set ringtime = ringtime + 1
       where queue = q and start >= s and start < s + interval '1 hour';
  end case;
end $$;

-- The same for callers.
create function stress.update_callers() returns void language plpgsql volatile as $$
declare
  q bigint := stress.queue();
  s timestamptz := stress.start();
  c stress.caller := stress.caller(stress.queue());
  one bigint;
begin
  select id into one from queue_statistics.queue_calls where queue = q and entered >= s order by entered limit 1;
  case floor(random() * 5)
    when 0 then
      update queue_statistics.queue_calls
         set outcome = 'answered', waittime = case when outcome = 'waiting' then 5 else waittime end,
             in_progress = outcome = 'waiting', talktime = case when outcome = 'answered' then 60 end
       where queue = q and id = one and outcome <> 'refused';
    when 1 then
      update queue_statistics.queue_calls set entered = c.entered where queue = q and id = one;
    when 2 then
      update queue_statistics.queue_calls set queue = c.queue where queue = q and id = one;
    when 3 then
      update queue_statistics.queue_calls
         set (entered, waittime, talktime, outcome, in_progress)
             = (c.entered, c.waittime, c.talktime, c.outcome, c.in_progress)
       where queue = q and entered >= s and entered < s + interval '1 hour';
    else
      update queue_statistics.queue_calls set waittime = waittime + 1
       where queue = q and entered >= s and entered < s + interval '1 hour';
  end case;
end $$;

create function stress.update() returns void language plpgsql volatile as $$
begin
  if random() < 0.5 then perform stress.update_calls(); else perform stress.update_callers(); end if;
end $$;

-- Deletes a queue's calls, or callers, of a period.
create function stress.delete(period interval) returns void language plpgsql volatile as $$
declare
  q bigint := stress.queue();
  s timestamptz := stress.start();
begin
  if random() < 0.5 then
    delete from queue_statistics.queue_destination_calls where queue = q and start >= s and start < s + period;
  else
    delete from queue_statistics.queue_calls where queue = q and entered >= s and entered < s + period;
  end if;
end $$;

-- Three subtransactions, each committed or rolled back by chance.
create function stress.subtransactions() returns void language plpgsql volatile as $$
begin
  for i in 1..3 loop
    begin
      perform stress.insert(2);
      perform stress.update();
      if random() < 0.5 then raise exception 'no'; end if;
    exception when raise_exception then null;
    end;
  end loop;
end $$;

-- Waits until the seal moves, at most two seconds, and then up to 0.3 s more.
create function stress.wait_for_seal() returns void language plpgsql volatile as $$
declare
  seal constant bigint := pg_sequence_last_value('queue_statistics.rollup_seal');
begin
  for i in 1..40 loop
    exit when pg_sequence_last_value('queue_statistics.rollup_seal') > seal;
    perform pg_sleep(0.05);
  end loop;
  perform pg_sleep(0.3 * random());
end $$;

-- Compares, under one snapshot, the offers to a queue in a period with adding up its calls. Fails where they differ.
create function stress.same(of_queue bigint, since bigint, until bigint) returns void language plpgsql stable as $$
declare
  difference text;
begin
  with part as materialized (
    select * from queue_statistics.offers(of_queue, null, array[since, until])
  ),
  ours as (
    select p.destination, sum(p.calls) calls, sum(p.answered) answered, sum(p.in_progress) in_progress,
           sum(p.failed) failed, sum(p.talktime_known) talktime_known, sum(p.talktime_sum) talktime_sum,
           min(p.talktime_min) talktime_min, max(p.ringtime_max) ringtime_max, sum(p.holdtime_sum) holdtime_sum,
           min(p.first_call) first_call, max(p.last_call) last_call
      from (select c.destination, 1::bigint calls, (c.outcome = 'answered')::int::bigint answered,
                   c.in_progress::int::bigint in_progress, (c.outcome = 'failed')::int::bigint failed,
                   (c.talktime is not null)::int::bigint talktime_known, c.talktime::bigint talktime_sum,
                   c.talktime talktime_min, c.ringtime ringtime_max, c.holdtime::bigint holdtime_sum,
                   floor(extract(epoch from c.start))::bigint first_call,
                   floor(extract(epoch from c.start))::bigint last_call
              from part c
             where c.outcome is not null
            union all
            select part.destination, s.answered + s.no_answer + s.busy + s.cancelled + s.answered_elsewhere + s.failed,
                   s.answered, s.in_progress, s.failed, s.talktime_known, s.talktime_sum, s.talktime_min,
                   s.ringtime_max, s.holdtime_sum, s.first_call, s.last_call
              from part
             cross join lateral (select (part.sums::queue_statistics.rollup_sums).*) s
             where part.sums is not null and part.destination is not null) p
     group by p.destination
  ),
  plain as (
    select c.destination, count(*) calls, count(*) filter (where c.outcome = 'answered') answered,
           count(*) filter (where c.in_progress) in_progress, count(*) filter (where c.outcome = 'failed') failed,
           count(c.talktime) talktime_known, sum(c.talktime) talktime_sum, min(c.talktime) talktime_min,
           max(c.ringtime) ringtime_max, sum(c.holdtime) holdtime_sum,
           floor(extract(epoch from min(c.start)))::bigint first_call,
           floor(extract(epoch from max(c.start)))::bigint last_call
      from queue_statistics.queue_destination_calls c
     where c.queue = of_queue and c.start >= to_timestamp(since) and c.start < to_timestamp(until)
     group by c.destination
  )
  select concat('ours ', to_json(o), ', all calls ', to_json(p)) into difference
    from ours o
    full join plain p using (destination)
   where to_json(o)::text is distinct from to_json(p)::text
   limit 1;
  if difference is not null then
    raise 'queue % from % until %: %', of_queue, since, until, difference using errcode = 'P0999';
  end if;
end $$;

-- The same for the callers of a period.
create function stress.same_callers(of_queue bigint, since bigint, until bigint)
  returns void language plpgsql stable as $$
declare
  difference text;
begin
  with part as materialized (
    select * from queue_statistics.callers(of_queue, array[since, until])
  ),
  ours as (
    select sum(p.calls) calls, sum(p.refused) refused, sum(p.in_progress) in_progress, sum(p.holdtime_sum) holdtime_sum,
           max(p.waittime_max) waittime_max, sum(p.quick) quick, min(p.waiting_since) waiting_since,
           min(p.first_call) first_call, max(p.last_call) last_call
      from (select 1::bigint calls, (c.outcome = 'refused')::int::bigint refused,
                   c.in_progress::int::bigint in_progress,
                   case when c.outcome = 'answered' then c.waittime::bigint end holdtime_sum, c.waittime waittime_max,
                   (c.outcome = 'abandoned' and coalesce(c.waittime <= 10, false))::int::bigint quick,
                   case when c.outcome = 'waiting' then floor(extract(epoch from c.entered))::bigint end waiting_since,
                   case when c.outcome <> 'refused' then floor(extract(epoch from c.entered))::bigint end first_call,
                   case when c.outcome <> 'refused' then floor(extract(epoch from c.entered))::bigint end last_call
              from part c
             where c.outcome is not null
            union all
            select s.answered + s.waiting + s.abandoned + s.timeout + s.key + s.empty + s.other + s.refused, s.refused,
                   s.in_progress, s.holdtime_sum, s.waittime_max,
                   s.abandoned_0 + s.abandoned_3 + s.abandoned_5 + s.abandoned_10, s.waiting_since, s.first_call,
                   s.last_call
              from part
             cross join lateral (select (part.sums::queue_statistics.rollup_caller_sums).*) s
             where part.sums is not null and part.names is null) p
    having count(*) > 0
  ),
  plain as (
    select count(*) calls, count(*) filter (where c.outcome = 'refused') refused,
           count(*) filter (where c.in_progress) in_progress,
           sum(c.waittime) filter (where c.outcome = 'answered') holdtime_sum, max(c.waittime) waittime_max,
           count(*) filter (where c.outcome = 'abandoned' and c.waittime <= 10) quick,
           floor(extract(epoch from min(c.entered) filter (where c.outcome = 'waiting')))::bigint waiting_since,
           floor(extract(epoch from min(c.entered) filter (where c.outcome <> 'refused')))::bigint first_call,
           floor(extract(epoch from max(c.entered) filter (where c.outcome <> 'refused')))::bigint last_call
      from queue_statistics.queue_calls c
     where c.queue = of_queue and c.entered >= to_timestamp(since) and c.entered < to_timestamp(until)
    having count(*) > 0
  )
  select concat('ours ', to_json(o), ', all calls ', to_json(p)) into difference
    from ours o
    full join plain p on true
   where to_json(o)::text is distinct from to_json(p)::text;
  if difference is not null then
    raise 'callers of queue % from % until %: %', of_queue, since, until, difference using errcode = 'P0999';
  end if;
end $$;

select stress.insert(4000) \g /dev/null
analyze queue_statistics.queue_destination_calls, queue_statistics.queue_calls;
