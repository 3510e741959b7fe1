-- Calls in from Asterisk and FreeSWITCH.
--
-- Rows in. A phone system inserts into queue_log (the shape of Asterisk's realtime queue_log) or freeswitch_events. A
-- statement trigger folds the rows into queue_destination_calls in the same transaction. A file import reads its lines
-- into a temporary table and hands them to the same functions. A row that makes no sense stays where it was inserted,
-- is listed in event_problems, and fails nothing. Rows of both tables are read once, when they are inserted: they may
-- be deleted at any time (retention), and an update of them has no effect.
--
-- One grammar. asterisk_event() and freeswitch_event() turn a row into a phone_event of one of five kinds, and know
-- nothing else. fold_events() makes calls of phone events, and knows neither phone system:
--   entry    a caller entered a queue anew or left it: an answer before that is no longer in progress
--   offer    a finished offer: ring time and outcome are known
--   answer   an offer that was answered; in progress until its end
--   end      the end of an answer: talk time; alone it is an answer whose beginning was never seen
--   restart  the phone system started: what was in progress is over
--
-- What is kept. offer_events holds every phone event but the restarts, each once; of restarts phone_systems keeps the
-- last. An event outlives the row it came from, so that a late event meets its entry, and a file that is read again is
-- recognised, also after retention. Offers are derived from these two alone, in any order of arrival. Only `prune`
-- deletes from offer_events, what is older than the calls that it keeps; `pruned` says which these are, so that no
-- event brings another back.
--
-- Each once. An event is known by all its fields (digest, the time cut to the second) and its ordinal among the equal
-- events of one feed. The store holds the largest number of equals that any one feed showed. The live table and a
-- followed file are read bit by bit, so the store says which ordinals each of the two has shown. A file is read whole.
-- FreeSWITCH numbers its events (Core-UUID, Event-Sequence): a row that is inserted again counts once. Asterisk does
-- not. Limits: equal rows that a rotation put into two files count as one; a row that Asterisk inserts again counts as
-- two.
--
-- Offers. The call of an offer has the id that its event was given, and the event's callid as its uniqueid: a call that
-- agrees in one of them only is a site's own. Offers and restarts stand alone. Answers and ends are matched by
-- match_answers(), a function of the stored events alone, over every entry that an arriving event can touch; what
-- differs from the calls is inserted, updated or deleted.
--
-- Names. A queue name is resolved when its event arrives. While it fits none or several queues the event waits (queue
-- is null, listed in unmapped_queues), and comes in by itself once map_queues, a queue's name, or the end of a customer
-- tells the queue. An agent's name means the destination in map_agents, else the one that agent_destination() reads in
-- it; changing map_agents moves the agent's offers.
--
-- Locks, all until the end of the transaction. First the lock on names: folding shares it, and a change of map_queues
-- or map_agents takes it alone before it looks for events, so that neither overlooks what the other has not yet
-- committed. Then one lock per source: events of one phone system are folded one transaction at a time. READ COMMITTED
-- is assumed, as phone systems use it. Who makes or renames a queue may take long to commit, and phone systems shall
-- not wait for it: an event that comes meanwhile may be overlooked, and comes in by the next roll-up.

create type queue_statistics.event_kind as enum ('entry', 'offer', 'answer', 'end', 'restart');

-- callid: the phone system's name for the caller's call. time: of the row. began: when the offer began (offer), or was
-- answered (answer, end). ring, hold and talk: seconds, null when unknown. outcome: of an offer; `failed` on an end.
-- digest: of the source and all fields, by which an event is known.
create type queue_statistics.phone_event as (
  source     text,
  callid     text,
  queue_name text,
  agent      text,
  kind       queue_statistics.event_kind,
  "time"     timestamptz,
  began      timestamptz,
  ring       integer,
  hold       integer,
  talk       integer,
  outcome    queue_statistics.call_outcome,
  digest     bytea
);

-- Where events come from. file: read whole, its equal events in one call. queue_log: the live table of Asterisk.
-- followed_file: a log as it grows. freeswitch: the live table of FreeSWITCH, whose events are numbered.
create type queue_statistics.event_feed as enum ('file', 'queue_log', 'followed_file', 'freeswitch');

-- shown_live, shown_followed: whether queue_log, or a followed file, has shown it. call: the id of its call in queue,
-- should it have one. No references: calls may be deleted, queues are only marked as deleted.
create table queue_statistics.offer_events (
  source         text collate "C" not null,
  callid         text collate "C" not null,
  queue_name     text collate "C" not null,
  agent          text collate "C" not null,
  kind           queue_statistics.event_kind not null,
  "time"         timestamptz not null,
  began          timestamptz not null,
  ring           integer,
  hold           integer,
  talk           integer,
  outcome        queue_statistics.call_outcome,
  digest         bytea not null,
  ordinal        integer not null,
  shown_live     boolean not null,
  shown_followed boolean not null,
  queue          bigint,
  call           bigint not null,
  primary key (callid, digest, ordinal)
);
-- Serves the search for the answer that an end of another call belongs to.
create index offer_events_answers on queue_statistics.offer_events (queue_name, agent, began)
  where kind in ('answer', 'end');
create index offer_events_waiting on queue_statistics.offer_events (queue_name) where queue is null;

-- Inserted rows that could not be read; event holds the row's beginning.
create table queue_statistics.event_problems (
  id       bigint generated by default as identity primary key,
  received timestamptz not null default now(),
  source   text collate "C" not null,
  problem  text collate "C" not null,
  event    text collate "C" not null
);

-- Whole seconds from text; null when missing, negative, not a number, or over 32 bits.
create function queue_statistics.event_seconds(value text)
  returns integer language sql immutable parallel safe
  return case when value ~ '^0*[0-9]{1,10}$' and value::bigint <= 2147483647 then value::integer end;

-- A moment from text, cut to the second: Unix seconds (also with a fraction), or date and time, read in the session's
-- TimeZone (`alter role ... set timezone`) unless an offset follows. Null when it is none, or not in 1970..9999.
-- No cast here can fail: the day is counted from the month's first, and a wrong one ends in another month.
create function queue_statistics.event_time(value text)
  returns timestamptz language plpgsql stable parallel safe
  as $$
declare
  part text[];
  day date;
  result timestamptz;
begin
  if value ~ '^[0-9]{1,12}(\.[0-9]*)?$' then
    result := pg_catalog.to_timestamp(pg_catalog.split_part(value, '.', 1)::bigint);
  else
    part := pg_catalog.regexp_match(value,
      '^([1-9]\d{3})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])[ T]((?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d)(?:\.\d*)?'
      '(?:(Z)|([+-])(\d\d):?([0-5]\d)?)?$');
    day := pg_catalog.make_date(part[1]::integer, part[2]::integer, 1) + (part[3]::integer - 1);
    if part is null or pg_catalog.date_part('month', day) <> part[2]::integer then
      return null;
    elsif part[5] is null and part[6] is null then
      result := day + part[4]::time;
    else
      result := (day + part[4]::time) at time zone 'UTC' - coalesce((part[6] || '1')::integer, 0)
        * pg_catalog.make_interval(hours => coalesce(part[7]::integer, 0), mins => coalesce(part[8]::integer, 0));
    end if;
  end if;
  return case when result >= '1970-01-01 00:00:00+00' and result < '10000-01-01 00:00:00+00' then result end;
end
  $$;

-- Why an event says too little, or what cannot be; null when it does not. Later than in an hour no clock is right: such
-- a restart would end every answer until then.
create function queue_statistics.event_problem(event queue_statistics.phone_event)
  returns text language plpgsql stable parallel safe
  as $$
begin
  return case
    when (event.time >= '1970-01-01 00:00:00+00' and event.began >= '1970-01-01 00:00:00+00'
          and greatest(event.time, event.began) < '10000-01-01 00:00:00+00') is not true then 'the time cannot be read'
    when event.kind = 'restart' then
      case when event.time > pg_catalog.now() + interval '1 hour' then 'the time lies ahead' end
    when event.callid in ('', 'NONE') then 'the call id is missing'
    when event.queue_name in ('', 'NONE') then 'the queue is missing'
    when event.agent in ('', 'NONE') and event.kind <> 'entry' then 'the agent is missing'
    when greatest(pg_catalog.char_length(event.callid), pg_catalog.char_length(event.queue_name),
                  pg_catalog.char_length(event.agent)) > 255 then 'a name is longer than 255 characters'
  end;
end
  $$;
