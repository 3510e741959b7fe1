-- Calls from Asterisk and FreeSWITCH, offers and callers: how files 19 to 31 work together, the kinds of events, the
-- table that stores them, and the functions that read one value. A file of its own because both phone systems' readers
-- and all that makes calls of events use it.
--
-- Rows in. A phone system (PBX) inserts into queue_log (the shape of Asterisk's realtime queue_log) or into
-- freeswitch_events. A statement trigger folds the rows into queue_destination_calls (offers) and queue_calls (callers)
-- in the same transaction: it stores the events, and inserts, updates or deletes calls by them. A file import reads its
-- lines into a temporary table and hands them to the same functions. A row that makes no sense stays in the table where
-- it was inserted, is listed in event_problems, and fails nothing. A row of these two tables is read once, when it is
-- inserted: it may be deleted at any time (retention), and an update of it has no effect.
--
-- One grammar. asterisk_event(), freeswitch_event() and freeswitch_cdr() turn a row into a phone_event of one of nine
-- kinds, and know nothing of calls. fold_events() makes calls of phone events, and knows nothing of phone systems. The
-- kinds:
--   enter    a caller entered a queue anew
--   resume   a caller who had left goes on waiting, as if that caller had never left
--   leave    a caller left a queue; `reason` says how
--   refusal  a caller was refused: the queue was full or closed
--   offer    a finished offer: ring time and outcome are known. With a reason, the caller left at its end
--   leg      a finished offer of FreeSWITCH, which the live table and a call detail record may both tell of
--   answer   an offer that was answered; it is in progress until its end
--   end      the end of an answer: talk time; without its answer it is an answer whose beginning was never seen
--   restart  the phone system started: what was in progress is over
--
-- What is kept. phone_events holds every phone event but the restarts, each event once. Of the restarts, phone_systems
-- keeps the last one per phone system. An event outlives the row that it came from. So a late event still meets the
-- earlier events of its caller, and a file that is read again is recognised, also after retention. Calls are derived
-- from these two tables alone, in any order of arrival. Events are deleted by `queue-statistics prune`, `customer
-- purge`, `forget` and `map queue NAME none` alone. The table `pruned` says from which moments on calls and events are
-- kept, so that no event brings a deleted call back.
--
-- Each event once. An event is known by all its fields (digest, and the time cut to the second) and by its ordinal
-- among the equal events of its second. Of equal rows of several files, the store holds the largest number that any one
-- file showed. The live table and a followed file are read piece by piece, so the store says what each of the two has
-- shown. Asterisk writes a row to its file after it has inserted the row, so the file's second may be the one after the
-- live table's. Hence merge_events() (27) pairs rows of files with live rows that differ in nothing else. FreeSWITCH
-- numbers its events (Core-UUID, Event-Sequence), so a row that is inserted again counts once. Asterisk does not number
-- its events, so there are two limits: equal rows that a log rotation put into two files count as one, and a row that
-- Asterisk inserts again counts as two.
--
-- Calls. The offer of an event has the id `call` that the event was given, and the event's callid as its uniqueid. A
-- caller has the id `caller` of the event that the caller begins with, likewise. A call that agrees in one of these two
-- only is a site's own, and is left alone. So is a call of events once a site has changed or deleted it. An offer, a
-- refusal or a restart stands alone. Answers and ends are matched by match_answers(), legs by match_legs(), and all
-- events of a caller by match_callers(). All three are functions of the stored events alone, and look at every event
-- that an arriving event can touch. What differs from the calls is inserted, updated or deleted. So the order of
-- arrival does not matter, but for names, which are resolved when an event arrives. For a live event that goes on with
-- its caller's story as usual, make_usual_calls() makes the same calls without matching, at half the cost.
--
-- Roles. What a phone system may write is its database role's to say, not its rows': the source, and, for a role that
-- is bound to a customer, whose queues a name can mean (19_phone_system_roles.sql). Its events carry that customer as
-- long as they are kept, so a name that is resolved later means the same queues.
--
-- Names. A queue name is resolved when its event arrives. While no queue or several queues have the name, the event
-- waits: its queue is null, and unmapped_queues lists its name. An agent's name means the destination in map_agents,
-- else the destination that agent_destination() reads in the name. A change of map_queues, map_agents, a queue or a
-- customer is noted in changed_names. resolve_step() lets the events follow: waiting events make their calls, and the
-- offers of an agent move. The command that made the change runs it, and `queue-statistics roll-up` does.
--
-- Locks. The events of one phone system are folded in one transaction at a time, which locks the system's row of
-- phone_systems until its end. There is no other lock: a change of a name waits for no phone system, nor any phone
-- system for it. Whoever folds events of several phone systems locks their rows in the order of their names.
--
-- What cannot be folded. An INSERT of a phone system never fails for what its rows say, and waits for no lock longer
-- than 0.1 s. When folding fails or would wait longer, or when the transaction is not READ COMMITTED (it would not see
-- what the one before did), its events are kept in kept_events. fold_kept() folds them later, within `queue-statistics
-- roll-up`. As no call depends on the order of arrival, later events go ahead meanwhile.

create type queue_statistics.event_kind as enum
  ('enter', 'resume', 'offer', 'leg', 'answer', 'end', 'leave', 'refusal', 'restart');

-- One event of a phone system:
--   source           the name of the phone system
--   callid           the phone system's name for the caller's call
--   queue_name       as the phone system wrote it
--   agent            the agent's name as the phone system wrote it; empty where the event is of no agent
--   time             of the row
--   began            when the offer began (offer, leg), was answered (answer, end), or when the caller entered the
--                    queue (the others, as far as the row tells)
--   ring, hold, talk seconds, null when unknown
--   outcome          of an offer or a leg; `failed` on an end
--   reason           how the caller left; null: the caller did not leave. `answered`: the caller's own record, which
--                    says that the caller was answered, with hold and talk time
--   wait             of a caller who left: seconds, null when unknown
--   elapsed          the row does not tell the wait: it is the time from the enter to this event
--   digest           of the source and all fields but the time: an event is known by both
--   customer         of a live event whose role is bound to a customer: its id. Else null
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
  reason     queue_statistics.caller_outcome,
  wait       integer,
  elapsed    boolean,
  digest     bytea,
  customer   bigint
);

-- Where events come from:
--   file           read whole; all equal events of the file are folded by one call of fold_events()
--   queue_log      the live table of Asterisk
--   followed_file  a log file, read as it grows
--   freeswitch     the live table of FreeSWITCH, whose events are numbered
create type queue_statistics.event_feed as enum ('file', 'queue_log', 'followed_file', 'freeswitch');

-- The stored events. `shown_live`, `shown_file`: a live table, or a file, has shown the event; `shown_followed`: and
-- that file was followed. `file_is_later`: the file's row is dated a second after `time`, which is the live row's.
-- `queue`: null while the event waits for a queue of its name. `call`: the id of the event's offer in the queue, if it
-- has an offer. `caller`: the id of the caller who begins with the event; null while no caller began with it.
-- `offer_is_own`, `caller_is_own`: a site has changed or deleted the offer, or the caller, and events leave it alone.
-- The table has no references: calls may be deleted, and queues are only marked as deleted.
create table queue_statistics.phone_events (
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
  reason         queue_statistics.caller_outcome,
  wait           integer,
  elapsed        boolean not null,
  digest         bytea not null,
  ordinal        integer not null,
  shown_live     boolean not null,
  shown_file     boolean not null,
  file_is_later  boolean not null,
  shown_followed boolean not null,
  queue          bigint,
  call           bigint not null,
  caller         bigint,
  offer_is_own   boolean not null default false,
  caller_is_own  boolean not null default false,
  customer       bigint,
  primary key (callid, digest, "time", ordinal)
);
-- Serves the search for the answer that an end under another call id belongs to, and for the offers of an agent.
create index phone_events_agent on queue_statistics.phone_events (agent, began)
  where kind in ('offer', 'leg', 'answer', 'end');
-- Serves the search for events that wait for a queue of their name.
create index phone_events_waiting on queue_statistics.phone_events (queue_name, callid) where queue is null;

-- Inserted rows that could not be read, and why. `event` holds the first 1,000 characters of the row.
create table queue_statistics.event_problems (
  id       bigint generated by default as identity primary key,
  received timestamptz not null default now(),
  source   text collate "C" not null,
  problem  text collate "C" not null,
  event    text collate "C" not null
);
-- Serves the look for problems of the last days.
create index event_problems_received on queue_statistics.event_problems (received);

-- Events that could not be folded as they came in, in the order of their arrival, and why.
create table queue_statistics.kept_events (
  id       bigint generated always as identity primary key,
  received timestamptz not null default now(),
  feed     queue_statistics.event_feed not null,
  event    queue_statistics.phone_event not null,
  reason   text collate "C" not null
);

-- A number from text of digits; null when the text is missing, is something else, or the number has more than 15
-- digits. Never an error. It trims instead of matching, because a regular expression takes longer than all else that is
-- done to read a row.
create function queue_statistics.event_number(value text)
  returns bigint language sql immutable parallel safe
  return case when value <> '' and ltrim(value, '0123456789') = '' and char_length(ltrim(value, '0')) <= 15
              then value::bigint end;

-- Whole seconds from text; null when the text is missing, negative, not a number, or over 2,147,483,647 (32 bits).
-- Never an error.
create function queue_statistics.event_seconds(value text)
  returns integer language sql immutable parallel safe
  return case when queue_statistics.event_number(value) <= 2147483647 then value::integer end;

-- The seconds from one moment to another; null when one of the moments is unknown, the second moment is before the
-- first, or the seconds do not fit into 32 bits.
create function queue_statistics.seconds_between(since bigint, until bigint)
  returns integer language sql immutable parallel safe
  return case when until - since between 0 and 2147483647 then until - since end;

-- A moment from text, cut to the second. The text is Unix seconds, also with a fraction, or date and time. Date and
-- time without an offset are read in the time zone `zone`; null: the session's. Null when the text is neither, the
-- moment is not in 1970..9999, or the server does not know the zone.
--
-- Never an error, because no cast here can fail: the day is counted from the first of the month, and a day that the
-- month lacks ends in another month, which is then refused. Only a zone can be unknown, on a server with fewer of them.
create function queue_statistics.event_time(value text, zone text default null)
  returns timestamptz language plpgsql stable
  as $$
declare
  seconds text;
  part text[];
  day date;
  result timestamptz;
begin
  if pg_catalog.char_length(value) = 10 and pg_catalog.ltrim(value, '0123456789') = '' then
    return pg_catalog.to_timestamp(value::bigint);  -- the usual case of a file
  end if;
  -- The usual case of the live table, `2026-01-31 09:05:00.123456`: the regular expression below takes longer than all
  -- else that is done to read a row.
  if pg_catalog.translate(pg_catalog.left(value, 20), '123456789', '000000000') = '0000-00-00 00:00:00.'
     and pg_catalog.ltrim(pg_catalog.substr(value, 21), '0123456789') = ''
     and pg_catalog.substr(value, 1, 1) <> '0' and pg_catalog.substr(value, 6, 2) between '01' and '12'
     and pg_catalog.substr(value, 9, 2) between '01' and '31' and pg_catalog.substr(value, 12, 2) < '24'
     and pg_catalog.substr(value, 15, 1) < '6' and pg_catalog.substr(value, 18, 1) < '6' then
    part := array[pg_catalog.left(value, 4), pg_catalog.substr(value, 6, 2), pg_catalog.substr(value, 9, 2),
                  pg_catalog.substr(value, 12, 8)];
  end if;
  seconds := pg_catalog.split_part(value, '.', 1);
  if part is null and pg_catalog.char_length(seconds) <= 12 and queue_statistics.event_number(seconds) is not null
     and pg_catalog.ltrim(pg_catalog.substr(value, pg_catalog.char_length(seconds) + 2), '0123456789') = '' then
    result := pg_catalog.to_timestamp(seconds::bigint);
  else
    part := coalesce(part, pg_catalog.regexp_match(value,
      '^([1-9]\d{3})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])[ T]((?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d)(?:\.\d*)?'
      '(?:(Z)|([+-])(\d\d):?([0-5]\d)?)?$'));
    day := pg_catalog.make_date(part[1]::integer, part[2]::integer, 1) + (part[3]::integer - 1);
    if part is null or pg_catalog.date_part('month', day) <> part[2]::integer then
      return null;
    elsif part[5] is null and part[6] is null and zone is null then
      result := day + part[4]::time;
    elsif part[5] is null and part[6] is null then
      begin
        result := (day + part[4]::time) at time zone zone;
      exception when invalid_parameter_value then
        return null;
      end;
    else
      result := (day + part[4]::time) at time zone 'UTC' - coalesce((part[6] || '1')::integer, 0)
        * pg_catalog.make_interval(hours => coalesce(part[7]::integer, 0), mins => coalesce(part[8]::integer, 0));
    end if;
  end if;
  return case when result >= '1970-01-01 00:00:00+00' and result < '10000-01-01 00:00:00+00' then result end;
end
  $$;

-- Why an event says too little, or says what cannot be; null when the event is good.
create function queue_statistics.event_problem(event queue_statistics.phone_event)
  returns text language plpgsql stable parallel safe
  as $$
begin
  return case
    when (event.time >= '1970-01-01 00:00:00+00' and event.began >= '1970-01-01 00:00:00+00'
          and greatest(event.time, event.began) < '10000-01-01 00:00:00+00') is not true then 'the time cannot be read'
    when event.kind = 'restart' then null
    when event.callid in ('', 'NONE') then 'the call id is missing'
    when event.queue_name in ('', 'NONE') then 'the queue is missing'
    when event.agent in ('', 'NONE') and event.kind in ('offer', 'leg', 'answer', 'end')
      then 'the agent is missing'
    when greatest(pg_catalog.char_length(event.callid), pg_catalog.char_length(event.queue_name),
                  pg_catalog.char_length(event.agent)) > 255 then 'a name is longer than 255 characters'
  end;
end
  $$;
