-- Data for measurements: psql -v calls=1000000 -v seed=1 [-v busy_days=90] -f generate.sql, as a superuser, in an
-- empty, migrated database. The same variables give the same rows on every machine.
--
--   calls      number of calls of queues 1 to 200 in the five years before `now`, in the order in which they happened.
--              Queue 1 has the most calls (about 11.5 %), each next queue fewer. Most calls are on working days between
--              8 and 18 h UTC.
--   seed       of the random numbers
--   busy_days  days on which queue 201 has 100,000 calls per day (default 0: no calls)
--   now        when the data end (default 2026-11-24 10:07:00+00)
--
-- Queue 1 ("hot") and queue 201 have 50 destinations, queue 100 ("median") has 20, the others have 5 to 50.
-- Of 12 calls 5 are the first of a caller, who so has 2.4 calls on average.
--
-- session_replication_role = replica switches off foreign keys and ordinary triggers while the rows are made: the rows
-- are right by construction. The triggers log_insert fire even then, and before the first roll-up they log every row as
-- late, which would double the time. No sums exist that could be wrong, so the triggers are disabled while the rows are
-- made.

\set ON_ERROR_STOP 1
\if :{?busy_days}
\else
\set busy_days 0
\endif
\if :{?now}
\else
\set now '2026-11-24 10:07:00+00'
\endif

begin;
set local session_replication_role = replica;
set local max_parallel_workers_per_gather = 0;  -- so that random() runs in one process, in one order
set local synchronize_seqscans = off;  -- likewise
set local jit = off;
set local work_mem = '256MB';
alter table queue_statistics.queue_destination_calls disable trigger log_insert;
alter table queue_statistics.queue_calls disable trigger log_insert;
select setseed(1 / (1 + :seed::float8)) \g /dev/null

insert into queue_statistics.customers (id, name) values (1, 'Measurements');
insert into queue_statistics.queues (id, customer, name) select q, 1, 'Queue ' || q from generate_series(1, 201) q;
insert into queue_statistics.queue_destinations (id, queue, dtype, dnumber)
select queue * 100 + n, queue, case when n % 10 = 0 then 'forward' else 'phone' end, (1000000 + queue * 100 + n)::text
  from (select queue, case when queue in (1, 201) then 50 when queue = 100 then 20 else 5 + queue * 29 % 46 end size
          from generate_series(1, 201) queue) q
 cross join lateral generate_series(1, size) n;

-- How a call is drawn: its queue by the weight 1 / number ^ 0.85; its day evenly, but three of four calls of Saturday
-- and Sunday are moved two days back; its destination with low numbers more often. `offset 0` makes PostgreSQL draw
-- anew for each row.
insert into queue_statistics.queue_destination_calls
       (queue, destination, uniqueid, start, ringtime, holdtime, talktime, outcome)
select queue, destination, to_hex(row_number() over ()), start,
       case when outcome <> 'busy' and random() < 0.98 then floor(-15 * ln(1 - random())) end,
       case when outcome = 'answered' and random() < 0.98 then floor(-60 * ln(1 - random())) end,
       case when outcome = 'answered' and random() < 0.99 then floor(-180 * ln(1 - random())) end,
       outcome
  from (select queue, queue * 100 + 1 + floor(size * random() ^ 1.5)::bigint destination, start,
               case when outcome < 0.55 then 'answered' when outcome < 0.75 then 'no_answer'
                    when outcome < 0.83 then 'busy' when outcome < 0.92 then 'cancelled'
                    when outcome < 0.98 then 'answered_elsewhere' else 'failed'
               end::queue_statistics.call_outcome outcome
          from (select queue, random() outcome,
                       case when moment >= :'now' then moment - days * interval '1 day' else moment end start
                  from (select queue, days,
                               midnight - case when date_part('isodow', midnight at time zone 'UTC') > 5
                                                    and random() < 0.75 then 2 else 0 end * interval '1 day'
                               + case when random() < 0.85 then 28800 + 36000 * random() else 86400 * random() end
                                 * interval '1 second' moment
                          from (select queue, days, date_trunc('day', timestamptz :'now', 'UTC')
                                                    - floor(days * random()) * interval '1 day' midnight
                                  from (select least(200, width_bucket(random(), bounds)) queue, 1826 days
                                          from (select array_agg(bound order by queue) bounds
                                                  from (select queue, coalesce(sum(queue::float8 ^ -0.85) over (
                                                                 order by queue
                                                                 rows between unbounded preceding and 1 preceding)
                                                                 / sum(queue::float8 ^ -0.85) over (), 0) bound
                                                          from generate_series(1, 200) queue) b) b,
                                               generate_series(1, :calls)
                                         union all
                                        select 201, :busy_days from generate_series(1, 100000 * :busy_days)) q
                                offset 0) d
                        offset 0) m
                 order by start
                offset 0) c
          join (select queue, count(*) size from queue_statistics.queue_destinations group by queue) s using (queue)
        offset 0) c;

-- How a caller is drawn: any call may be a caller's first offer, and then the caller enters when the call starts. What
-- becomes of the caller is drawn anew, so callers and calls agree in number and time, not in outcome. Who entered in
-- the last minute before `now` still waits. An answered caller of the last five minutes still talks.
insert into queue_statistics.queue_calls (queue, uniqueid, entered, waittime, talktime, outcome, in_progress)
select queue, uniqueid, entered,
       case when outcome in ('waiting', 'refused') or random() < 0.01 then null
            when outcome = 'timeout' then 300
            else floor(-mean * ln(1 - random())) end,
       case when outcome = 'answered' and not talks and random() < 0.99 then floor(-180 * ln(1 - random())) end,
       outcome, outcome = 'answered' and talks
  from (select queue, uniqueid, start entered, start >= timestamptz :'now' - interval '5 minutes' talks,
               case when outcome < 0.8 then 40 else 90 end mean,
               case when start >= timestamptz :'now' - interval '1 minute' then 'waiting'
                    when outcome < 0.8 then 'answered' when outcome < 0.93 then 'abandoned'
                    when outcome < 0.96 then 'timeout' when outcome < 0.975 then 'key'
                    when outcome < 0.985 then 'empty' when outcome < 0.99 then 'other' else 'refused'
               end::queue_statistics.caller_outcome outcome
          from (select queue, uniqueid, start, random() outcome
                  from (select queue, uniqueid, start, random() drawn
                          from queue_statistics.queue_destination_calls
                        offset 0) c
                 where drawn < 5.0 / 12
                offset 0) d
        offset 0) e;

alter table queue_statistics.queue_destination_calls enable always trigger log_insert;
alter table queue_statistics.queue_calls enable always trigger log_insert;
select setval('queue_statistics.queue_destinations_id_seq', max(id))
  from queue_statistics.queue_destinations \g /dev/null
select setval('queue_statistics.queues_id_seq', max(id)) from queue_statistics.queues \g /dev/null
select setval('queue_statistics.customers_id_seq', max(id)) from queue_statistics.customers \g /dev/null
commit;
vacuum (analyze) queue_statistics.queue_destination_calls, queue_statistics.queue_calls,
  queue_statistics.queue_destinations, queue_statistics.queues;
