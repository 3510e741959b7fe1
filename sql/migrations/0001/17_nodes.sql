-- Past one machine: a router has the customers, people and queues, and says on which shard a queue's data are; a shard
-- has the data of its queues. Both have this whole schema. A file of its own because these tables are empty in a site
-- of one machine, which needs nothing of this. sql/nodes has what makes a database a router or a shard, and
-- docs/scaling.md the picture.

-- Which shard a queue's destinations and calls are on. The router's table; the shards have it by replication.
create table queue_statistics.queue_shards (
  queue bigint primary key references queue_statistics.queues on update restrict on delete restrict,
  shard smallint not null check (shard between 0 and 9000)
);
-- Serves the question whether a shard has queues, and which.
create index queue_shards_shard on queue_statistics.queue_shards (shard);

-- Destinations whose queue has moved to another shard since they were made. The id of every other destination tells its
-- shard: shard k gives its destinations and calls the ids from k * 10^12 + 1 on until k * 10^12 + 999,999,999,999. Ids
-- up to shard 9000 are exact in JavaScript.
create table queue_statistics.moved_destinations (
  id    bigint primary key,
  shard smallint not null check (shard between 0 and 9000)
);

-- The number of the shard that this database is; no row: it is none.
create table queue_statistics.shard (
  one    boolean primary key default true check (one),
  number smallint not null check (number between 0 and 9000)
);

-- The move of phone systems' queues to another shard that is under way: on the shard that they leave, one at a time.
-- `queue-statistics shard move` writes the row, and goes on at its step when it is run again. admin/nodes/move.cpp has
-- the steps.
--   sources  the phone systems
--   shard    where the queues go
--   queues   the queues that go
--   staying  the shard's other queues as the move began
--   step     copy, sums, hand over, wait or delete: the one that is at work
create table queue_statistics.moves (
  one     boolean primary key default true check (one),
  sources text[] not null,
  shard   smallint not null check (shard between 0 and 9000),
  queues  bigint[] not null,
  staying bigint[] not null,
  step    text not null check (step in ('copy', 'sums', 'hand over', 'wait', 'delete'))
);

-- Queues that this shard hands over right now: nothing is written for them any more, and the router still asks here.
create table queue_statistics.leaving_queues (
  queue bigint primary key
);

-- The trigger of tables that are written on another node. Its argument says where. Replication writes them all the
-- same, because its workers run no ordinary trigger.
create function queue_statistics.refuse_write()
  returns trigger language plpgsql
  as $$
begin
  raise '% is written on the %', tg_table_name, tg_argv[0]
    using errcode = 'read_only_sql_transaction', hint = 'Run this there.';
end
  $$;

-- The door for a router. The question is an array in text form: the name of the function that answers it, and what that
-- function is asked: queue, destination, edges, labels, dtype, dnumber, where it has them. The answer is a text: of
-- offers and callers all rows packed, as 12_rollup_read.sql tells; of the others an array with an element per column of
-- the function's result, which is an array again. Rows and arguments of their own would cost the router and the shard
-- more than what is in them. `of_shard` is the shard that the router means, so that a wrong address is an error and no
-- wrong answer; null: whichever this is. It does not ask who may see a queue: the router does.
--
-- plpgsql, because a router sends plain text and plpgsql keeps its plans. One function for all questions, so that the
-- router's functions of PL/Proxy, which only a superuser can make, stay the same when a release adds a question.
create function queue_statistics.answer_here(of_shard smallint, question text[])
  returns text
  language plpgsql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  here smallint := (select s.number from queue_statistics.shard s);
  of_queue bigint := question[2];
  of_destination bigint := question[3];
  edges bigint[] := question[4];
  labels integer[] := question[5];
  of_dtype text := question[6];
  of_dnumber text := question[7];
begin
  if here is null or here <> of_shard then
    raise 'this is %, not shard %', coalesce('shard ' || here, 'no shard'), coalesce(of_shard::text, 'one')
      using errcode = 'connection_exception';
  end if;
  case question[1]
    when 'offers' then
      return (select 'rows' || string_agg(row(o.destination, o.dtype, o.dnumber, o.removed, o.outcome, o.in_progress,
                                           o.talktime, o.ringtime, o.holdtime,
                                           floor(date_part('epoch', o.start))::bigint, o.sums)::text, '')
                from queue_statistics.offers(of_queue, of_destination, edges, labels) o);
    when 'destination_offers' then  -- the queue before them, for may_see_queue(); null: there is none
      return (select min(d.queue) || ' rows' ||
                     string_agg(row(o.destination, o.dtype, o.dnumber, o.removed, o.outcome, o.in_progress,
                                    o.talktime, o.ringtime, o.holdtime,
                                    floor(date_part('epoch', o.start))::bigint, o.sums)::text, '')
                from queue_statistics.queue_destinations d
                left join lateral queue_statistics.offers(d.queue, d.id, edges, labels) o on true
               where d.id = of_destination);
    when 'callers' then
      return (select 'rows' || string_agg(row(c.outcome, c.in_progress, c.waittime, c.talktime,
                                           floor(date_part('epoch', c.entered))::bigint, c.names, c.sums)::text, '')
                from queue_statistics.callers(of_queue, edges, labels) c);
    when 'caller_span' then
      return (select array[floor(date_part('epoch', s.first))::bigint,
                           floor(date_part('epoch', s.last))::bigint]::text
                from queue_statistics.caller_span(of_queue, edges[1], edges[2]) s);
    when 'has_rows' then  -- of this queue; for `queue-statistics customer purge` on the router
      return exists (select from queue_statistics.queue_destinations d where d.queue = of_queue)
             or exists (select from queue_statistics.queue_calls c where c.queue = of_queue);
    when 'destinations', 'destination_by_number', 'destination', 'destinations_by_number' then
      return (select array[array_agg(d.id)::text, array_agg(d.queue)::text, array_agg(d.dtype)::text,
                           array_agg(d.dnumber)::text, array_agg(d.available)::text, array_agg(d.priority)::text,
                           here::text]::text  -- it may still have rows of a queue that has moved
                from (select * from queue_statistics.destinations(of_queue) where question[1] = 'destinations'
                       union all
                      select * from queue_statistics.destination_by_number(of_queue, of_dtype, of_dnumber)
                       where question[1] = 'destination_by_number'
                       union all
                      select * from queue_statistics.destination(of_destination) where question[1] = 'destination'
                       union all
                      select * from queue_statistics.destinations_by_number(of_dtype, of_dnumber)
                       where question[1] = 'destinations_by_number') d);
    else
      raise 'this shard knows no question %', question[1] using errcode = 'undefined_function';
  end case;
end
  $$;
