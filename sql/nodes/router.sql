-- Makes a database a router, or keeps it one after a migration: the functions of 12_rollup_read.sql and 16_doors.sql
-- that the responder's statements call ask the queue's shard, under the same names and with the same arguments and
-- results. Runs as the owner of the schema, any number of times, after stubs.sql.

-- Asks a shard. Question and answer are those of answer_here() (17_nodes.sql). A connection that was lost is tried once
-- more, unless that took long: all questions only read. A shard that cannot be reached is SQLSTATE 08006; PL/Proxy
-- itself says XX000, as of a bug.
create or replace function queue_statistics.ask(at smallint, variadic question text[])
  returns text
  language plpgsql volatile
  as $$
declare
  began timestamptz := clock_timestamp();
begin
  for attempt in 1..2 loop
    begin
      return queue_statistics_shards.answer(at, question);
    exception when internal_error or admin_shutdown or crash_shutdown or cannot_connect_now then
      if attempt = 2 or clock_timestamp() > began + interval '0.5 s' then
        raise 'shard %: %', at, sqlerrm using errcode = 'connection_failure';
      end if;
    end;
  end loop;
end
  $$;

-- Asks all shards, likewise. One answer per shard.
create or replace function queue_statistics.ask_all(variadic question text[])
  returns setof text
  language plpgsql volatile
  as $$
declare
  began timestamptz := clock_timestamp();
begin
  for attempt in 1..2 loop
    begin
      return query select * from queue_statistics_shards.all_answers(question);
      return;
    exception when internal_error or admin_shutdown or crash_shutdown or cannot_connect_now then
      if attempt = 2 or clock_timestamp() > began + interval '0.5 s' then
        raise 'shard unknown: %', sqlerrm using errcode = 'connection_failure';
      end if;
    end;
  end loop;
end
  $$;

-- The shard of a queue.
create or replace function queue_statistics.shard_of_queue(of_queue bigint)
  returns smallint
  language plpgsql stable
  as $$
declare
  at smallint := (select s.shard from queue_statistics.queue_shards s where s.queue = of_queue);
begin
  if at is null then
    raise 'queue % has no shard', of_queue using errcode = 'connection_exception';
  end if;
  return at;
end
  $$;

-- Asks the shard of a destination. Null when the id is of no shard that has queues.
create or replace function queue_statistics.ask_of_destination(
    question text, of_destination bigint, edges bigint[] default null, labels integer[] default null)
  returns text
  language plpgsql volatile
  as $$
declare
  at smallint := coalesce((select m.shard from queue_statistics.moved_destinations m where m.id = of_destination),
                          case when of_destination between 1 and 9000999999999999
                               then of_destination / 1000000000000 end);
begin
  if not exists (select from queue_statistics.queue_shards s where s.shard = at) then
    return null;
  end if;
  return queue_statistics.ask(at, question, null, of_destination::text, edges::text, labels::text);
end
  $$;

create or replace function queue_statistics.offers(
    of_queue bigint, of_destination bigint, edges bigint[], labels integer[] default null)
  returns table (destination bigint, dtype text, dnumber text, removed boolean,
                 outcome queue_statistics.call_outcome, in_progress boolean, talktime integer, ringtime integer,
                 holdtime integer, start timestamptz, sums text)
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  sums := queue_statistics.ask(queue_statistics.shard_of_queue(of_queue), 'offers', of_queue::text,
                               of_destination::text, edges::text, labels::text);
  if sums is not null then
    return next;
  end if;
end
  $$;

create or replace function queue_statistics.destination_offers(
    person bigint, of_destination bigint, edges bigint[], labels integer[] default null)
  returns table (destination bigint, dtype text, dnumber text, removed boolean,
                 outcome queue_statistics.call_outcome, in_progress boolean, talktime integer, ringtime integer,
                 holdtime integer, start timestamptz, sums text)
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  answer text := queue_statistics.ask_of_destination('destination_offers', of_destination, edges, labels);
begin
  if queue_statistics.may_see_queue(person, split_part(answer, ' ', 1)::bigint) then
    sums := substr(answer, strpos(answer, ' ') + 1);
    return next;
  end if;
end
  $$;

create or replace function queue_statistics.callers(of_queue bigint, edges bigint[], labels integer[] default null)
  returns table (outcome queue_statistics.caller_outcome, in_progress boolean, waittime integer, talktime integer,
                 entered timestamptz, names boolean, sums text)
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  sums := queue_statistics.ask(queue_statistics.shard_of_queue(of_queue), 'callers', of_queue::text,
                               null, edges::text, labels::text);
  if sums is not null then
    return next;
  end if;
end
  $$;

create or replace function queue_statistics.caller_span(of_queue bigint, since bigint, until bigint)
  returns table (first timestamptz, last timestamptz)
  language plpgsql volatile security definer rows 1
  set search_path = pg_catalog, pg_temp
  as $$
declare
  a text[] := queue_statistics.ask(queue_statistics.shard_of_queue(of_queue), 'caller_span', of_queue::text,
                                   null, array[since, until]::text);
begin
  return query select to_timestamp(a[1]::bigint), to_timestamp(a[2]::bigint);
end
  $$;

-- The destinations of an answer, and the shard that gave it; none for a null.
create or replace function queue_statistics.destinations_of_answer(answer text)
  returns table (id bigint, queue bigint, dtype text, dnumber text, available boolean, priority smallint,
                 shard smallint)
  language plpgsql immutable
  as $$
declare
  a text[] := answer;
begin
  return query
    select d.*, a[7]::smallint
      from unnest(a[1]::bigint[], a[2]::bigint[], a[3]::text[], a[4]::text[], a[5]::boolean[], a[6]::smallint[]) d;
end
  $$;

create or replace function queue_statistics.destinations(of_queue bigint)
  returns table (id bigint, queue bigint, dtype text, dnumber text, available boolean, priority smallint)
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  return query
    select d.id, d.queue, d.dtype, d.dnumber, d.available, d.priority
      from queue_statistics.destinations_of_answer(
             queue_statistics.ask(queue_statistics.shard_of_queue(of_queue), 'destinations', of_queue::text)) d;
end
  $$;

create or replace function queue_statistics.destination_by_number(of_queue bigint, of_dtype text, of_dnumber text)
  returns table (id bigint, queue bigint, dtype text, dnumber text, available boolean, priority smallint)
  language plpgsql volatile security definer rows 1
  set search_path = pg_catalog, pg_temp
  as $$
begin
  return query
    select d.id, d.queue, d.dtype, d.dnumber, d.available, d.priority
      from queue_statistics.destinations_of_answer(
             queue_statistics.ask(queue_statistics.shard_of_queue(of_queue), 'destination_by_number', of_queue::text,
                                  null, null, null, of_dtype, of_dnumber)) d;
end
  $$;

create or replace function queue_statistics.destination(of_destination bigint)
  returns table (id bigint, queue bigint, dtype text, dnumber text, available boolean, priority smallint)
  language plpgsql volatile security definer rows 1
  set search_path = pg_catalog, pg_temp
  as $$
begin
  return query
    select d.id, d.queue, d.dtype, d.dnumber, d.available, d.priority
      from queue_statistics.destinations_of_answer(
             queue_statistics.ask_of_destination('destination', of_destination)) d;
end
  $$;

-- Of all shards. A shard may still have rows of a queue that has moved: the directory says which count.
create or replace function queue_statistics.destinations_by_number(of_dtype text, of_dnumber text)
  returns table (id bigint, queue bigint, dtype text, dnumber text, available boolean, priority smallint)
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  return query
    select d.id, d.queue, d.dtype, d.dnumber, d.available, d.priority
      from queue_statistics.ask_all('destinations_by_number', null, null, null, null, of_dtype, of_dnumber) answer
     cross join lateral queue_statistics.destinations_of_answer(answer) d
      join queue_statistics.queue_shards s on s.queue = d.queue and s.shard = d.shard;
end
  $$;

-- The shards that cannot be asked, and why. For `queue-statistics status`.
create or replace function queue_statistics.shard_problems()
  returns table (shard integer, reason text)
  language plpgsql volatile
  as $$
begin
  for shard in
    select substr(o.option_name, 2)::integer
      from pg_foreign_server f
     cross join pg_options_to_table(f.srvoptions) o
     where f.srvname = 'queue_statistics' and o.option_name ~ '^p[0-9]+$'
     order by 1
  loop
    begin
      perform queue_statistics.ask(shard::smallint, 'destination', null, '0');
    exception when others then
      reason := sqlerrm;
      return next;
    end;
  end loop;
end
  $$;

revoke all on function
  queue_statistics.shard_problems(),
  queue_statistics.ask(smallint, text[]),
  queue_statistics.ask_all(text[]),
  queue_statistics.shard_of_queue(bigint),
  queue_statistics.ask_of_destination(text, bigint, bigint[], integer[]),
  queue_statistics.destinations_of_answer(text)
  from public;

-- What the shards copy and follow: customers and queues, and which shard has which. Two publications, because the first
-- machine of a site, which becomes a shard as it stands, has the customers and queues already.
do $$
begin
  if not exists (select from pg_publication where pubname = 'queue_statistics_site') then
    create publication queue_statistics_site for table queue_statistics.customers, queue_statistics.queues;
  end if;
  if not exists (select from pg_publication where pubname = 'queue_statistics_directory') then
    create publication queue_statistics_directory for table queue_statistics.queue_shards;
  end if;
end
  $$;

-- What the shards have.
do $$
declare
  name text;
begin
  foreach name in array array['queue_destinations', 'queue_destination_calls', 'queue_calls', 'queue_log',
                              'freeswitch_events', 'map_agents', 'map_queues'] loop
    execute format('create or replace trigger refuse_write before insert or update or delete on queue_statistics.%I '
                   'for each row execute function queue_statistics.refuse_write(''shard'')', name);
    execute format('create or replace trigger refuse_truncate before truncate on queue_statistics.%I '
                   'execute function queue_statistics.refuse_write(''shard'')', name);
  end loop;
end
  $$;
