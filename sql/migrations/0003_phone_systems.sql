-- Schema 3: calls in from Asterisk and FreeSWITCH.
--
-- Rows in. A phone system inserts into queue_log (the shape of Asterisk's realtime queue_log) or freeswitch_events; a
-- statement trigger folds them into queue_destination_calls in the same transaction. A file import reads its lines into
-- a temporary table and hands them to the same functions. A row that makes no sense stays where it was inserted, is
-- listed in event_problems, and fails nothing. Rows of both tables are read once, when they are inserted: they may be
-- deleted at any time (retention) and an update of them has no effect.
--
-- One grammar. asterisk_event() and freeswitch_event() turn a row into a phone_event of one of five kinds, and know
-- nothing else; fold_events() makes calls of phone events, and knows neither phone system:
--   entry    a caller entered a queue anew or left it: an answer before that is no longer in progress
--   offer    a finished offer: ring time and outcome are known
--   answer   an offer that was answered; in progress until its end
--   end      the end of an answer: talk time; alone it is an answer whose beginning was never seen
--   restart  the phone system started: what was in progress is over
--
-- What is kept. offer_events holds every phone event that says something about an offer, each once. It outlives the
-- rows it came from, so that a late event meets its entry, and a file that is read again is recognised, also after
-- retention. It is the source from which offers are derived, in any order of arrival. Only `prune` deletes from it, what
-- is older than the calls that it keeps; `pruned` says which these are, so that no event brings another back.
--
-- Each once. An event is known by all its fields (digest, the time cut to the second) and its ordinal among equals of
-- one feed. A feed is the live table, a followed file, or one file; the store holds the largest number of equals that
-- any one feed showed. For a feed that is read once, row by row, `feeds` says which ordinals it has shown.
-- FreeSWITCH numbers its events (Core-UUID, Event-Sequence): a row that is inserted again counts once. Asterisk does not.
-- Limits: equal rows that a rotation put into two files count as one; one that Asterisk inserts again counts as two.
--
-- Offers. An offer's call has the id that its event was given, and the event's callid as its uniqueid: a call that agrees
-- in one of them only is a site's own. Offers and restarts stand alone. Answers and ends are matched by match_answers(),
-- a function of the stored events alone, over every entry that an arriving event can touch; what differs from the calls
-- is inserted, updated or deleted.
--
-- Places. A queue name is looked up when its event arrives; while it fits none or several queues the event waits
-- (queue is null, listed in unmapped_queues) and comes in by itself once map_queues, a queue's name, or the end of a
-- customer says where. An agent's name means the destination in map_agents, else the one that agent_destination() reads in
-- it; changing map_agents moves the agent's offers.
--
-- Locks, all until the end of the transaction. First the lock on names: folding shares it, and a change of map_queues or
-- map_agents takes it alone before it looks for events, so that neither overlooks what the other has not yet committed.
-- Then one lock a source: events of one phone system are folded one transaction at a time. READ COMMITTED is assumed, as
-- phone systems use it. Who makes or renames a queue may take long to commit, and phone systems shall not wait for it: an
-- event that comes meanwhile may be overlooked, and comes in by the next roll-up.

-- Serves the look-up of a live queue name, which has no customer.
create index queues_name on queue_statistics.queues (name) where not deleted;
-- Serves a restart, and whoever asks what is in progress.
create index queue_destination_calls_in_progress on queue_statistics.queue_destination_calls (queue, start)
  where in_progress;

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

-- feeds: bits of the feeds that have shown it and that are read row by row (1 the live table, 2 a followed file).
-- call: the id of its call in queue, should it have one. No references: calls may be deleted, queues are only marked so.
create table queue_statistics.offer_events (
  source     text collate "C" not null,
  callid     text collate "C" not null,
  queue_name text collate "C" not null,
  agent      text collate "C" not null,
  kind       queue_statistics.event_kind not null,
  "time"     timestamptz not null,
  began      timestamptz not null,
  ring       integer,
  hold       integer,
  talk       integer,
  outcome    queue_statistics.call_outcome,
  digest     bytea not null,
  ordinal    integer not null,
  feeds      integer not null,
  queue      bigint,
  call       bigint not null,
  primary key (callid, digest, ordinal)
);
-- Serves the search for the answer that an end of another call belongs to.
create index offer_events_answers on queue_statistics.offer_events (queue_name, agent, began)
  where kind in ('answer', 'end');
create index offer_events_waiting on queue_statistics.offer_events (queue_name) where queue is null;

-- When each phone system last started.
create table queue_statistics.phone_systems (
  source    text collate "C" primary key,
  restarted timestamptz not null
);

-- Calls that started before were deleted by `queue-statistics prune`, for good; no row: none were.
create table queue_statistics.pruned (
  one    boolean primary key default true check (one),
  before timestamptz not null
);

-- Inserted rows that could not be read; event holds the row's beginning.
create table queue_statistics.event_problems (
  id       bigint generated by default as identity primary key,
  received timestamptz not null default now(),
  source   text collate "C" not null,
  problem  text collate "C" not null,
  event    text collate "C" not null
);

create table queue_statistics.map_agents (
  name    text collate "C" primary key check (char_length(name) between 1 and 255),
  dtype   text collate "C" not null check (dtype <> ''),
  dnumber text collate "C" not null check (dnumber <> '')
);
create table queue_statistics.map_queues (
  name  text collate "C" primary key check (char_length(name) between 1 and 255),
  queue bigint not null references queue_statistics.queues on update restrict on delete restrict
);

-- What an agent's name means: `TECH/1001`, `Agent/1001` and `Local/1001@context/n` are phone 1001, anything else is a
-- phone whose number is the name.
create function queue_statistics.agent_destination(agent text)
  returns table (dtype text, dnumber text) language sql stable rows 1
  as $$
  select coalesce(m.dtype, 'phone'),
         coalesce(m.dnumber, case when agent ~ '^[A-Za-z0-9_]+/[^/@]+$' then split_part(agent, '/', 2)
                                  when agent ~ '^[Ll]ocal/[^/@]+@' then split_part(split_part(agent, '/', 2), '@', 1)
                                  else agent end)
    from (select) one
    left join queue_statistics.map_agents m on m.name = agent
  $$;

-- Whether neither a customer nor anyone above it is deleted. plpgsql, so that the walk costs nothing where it is not made.
create function queue_statistics.is_current(customer bigint)
  returns boolean language plpgsql stable
  as $$
begin
  return not (select bool_or(l.deleted) from queue_statistics.customer_line(is_current.customer) l);
end
  $$;

-- Queues that are not deleted, nor their customers, nor anyone above these.
create view queue_statistics.current_queues as
  select q.id, q.customer, q.name
    from queue_statistics.queues q
    join queue_statistics.customers c on c.id = q.customer
   where not q.deleted and not c.deleted
     and (c.parent is null or queue_statistics.is_current(c.parent));

-- The queue of a name; null when none or several fit. With a customer (an import): a queue of that customer.
-- plpgsql, here and below, because it keeps its plans.
create function queue_statistics.queue_of(name text, customer bigint)
  returns bigint language plpgsql stable
  as $$
declare
  mapped bigint;
  fitting bigint[];
begin
  select m.queue into mapped from queue_statistics.map_queues m where m.name = queue_of.name;
  if mapped is not null and (queue_of.customer is null or exists (
       select from queue_statistics.queues q where q.id = mapped and q.customer = queue_of.customer)) then
    return (select q.id from queue_statistics.current_queues q where q.id = mapped);
  end if;
  fitting := array(select q.id from queue_statistics.current_queues q
                    where q.name = queue_of.name
                      and (queue_of.customer is null or q.customer = queue_of.customer) limit 2);
  return case when cardinality(fitting) = 1 then fitting[1] end;
end
  $$;

create view queue_statistics.unmapped_queues as
  select e.queue_name, e.source, count(*) as events, min(e.time) as first_event, max(e.time) as last_event,
         (select count(*) from queue_statistics.current_queues q where q.name = e.queue_name) as queues
    from queue_statistics.offer_events e
   where e.queue is null
   group by e.queue_name, e.source;

-- Why an event says too little, or what cannot be; null when it does not. Later than in an hour no clock is right: such
-- a restart would end every answer until then.
create function queue_statistics.event_problem(event queue_statistics.phone_event)
  returns text language plpgsql stable parallel safe
  as $$
begin
  return case
    when (event.time >= '1970-01-01 00:00:00+00' and event.began >= '1970-01-01 00:00:00+00'
          and greatest(event.time, event.began) < '10000-01-01 00:00:00+00') is not true then 'the time cannot be read'
    when event.kind = 'restart' then case when event.time > pg_catalog.now() + interval '1 hour' then 'the time lies ahead' end
    when event.callid in ('', 'NONE') then 'the call id is missing'
    when event.queue_name in ('', 'NONE') then 'the queue is missing'
    when event.agent in ('', 'NONE') and event.kind <> 'entry' then 'the agent is missing'
    when greatest(pg_catalog.char_length(event.callid), pg_catalog.char_length(event.queue_name),
                  pg_catalog.char_length(event.agent)) > 255 then 'a name is longer than 255 characters'
  end;
end
  $$;

-- A row of Asterisk's queue log as a phone event (app_queue.c of releases 1.8 to 22). event is null when the row says
-- nothing about an offer; problem says why when it should but cannot. data: all data fields, joined by pipes.
create function queue_statistics.asterisk_event(source text, "time" text, callid text, queuename text, agent text,
                                                name text, data text,
                                                out event queue_statistics.phone_event, out problem text)
  language plpgsql stable
  as $$
declare
  d text[] := pg_catalog.string_to_array(data, '|');
  kind queue_statistics.event_kind;
  at timestamptz;
  epoch bigint;
  ms bigint;
  ring integer;
  hold integer;
  talk integer;
  outcome queue_statistics.call_outcome;
begin
  case name
    when 'ENTERQUEUE' then
      kind := 'entry';
      agent := '';
    when 'CONNECT' then
      kind := 'answer';
      hold := queue_statistics.event_seconds(d[1]);
      ring := queue_statistics.event_seconds(d[3]);
    when 'COMPLETEAGENT', 'COMPLETECALLER' then
      kind := 'end';
      hold := queue_statistics.event_seconds(d[1]);
      talk := queue_statistics.event_seconds(d[2]);
    when 'RINGNOANSWER', 'RINGCANCELED' then
      kind := 'offer';
      ms := case when d[1] ~ '^0*[0-9]{1,13}$' then d[1]::bigint end;
      outcome := case when name = 'RINGCANCELED' then 'cancelled' when ms = 0 then 'busy' else 'no_answer' end;
      ring := case when outcome <> 'busy' and ms / 1000 <= 2147483647 then ms / 1000 end;
    when 'ABANDON' then
      if agent in ('', 'NONE') then
        return;
      end if;
      kind := 'offer';
      outcome := 'cancelled';
    when 'AGENTDUMP', 'SYSCOMPAT' then
      kind := 'offer';
      outcome := 'failed';
    when 'TRANSFER', 'BLINDTRANSFER', 'ATTENDEDTRANSFER' then
      kind := 'end';
      if name = 'ATTENDEDTRANSFER' and d[1] = 'LINK' then
        d := d[2:];
      end if;
      hold := queue_statistics.event_seconds(d[3]);
      talk := queue_statistics.event_seconds(d[4]);
    when 'QUEUESTART' then
      kind := 'restart';
    else
      return;
  end case;

  at := queue_statistics.event_time(asterisk_event.time);
  epoch := pg_catalog.date_part('epoch', at);
  -- Seconds that reach back before 1970 are as good as unknown.
  ring := case when ring <= epoch then ring end;
  talk := case when talk <= epoch then talk end;
  event := row(source, callid, queuename, agent, kind, at,
    at - pg_catalog.make_interval(secs => coalesce(case kind when 'offer' then ring when 'end' then talk end, 0)),
    ring, hold, talk, outcome,
    pg_catalog.substr(pg_catalog.sha256(pg_catalog.convert_to(pg_catalog.concat_ws('|',
      source, epoch, callid, queuename, agent, name, pg_catalog.rtrim(data, '|')), 'UTF8')), 1, 12));
  problem := queue_statistics.event_problem(event);
  if problem is not null then
    event := null;
  end if;
end
  $$;

-- An event of FreeSWITCH's mod_callcenter (1.10; CUSTOM callcenter::info) as a phone event; its times are Unix seconds.
-- Results as of asterisk_event(). agent-offering and member-queue-resume say nothing that others do not: an offer is known
-- by its end, and a caller who resumes is still in the same entry.
create function queue_statistics.freeswitch_event(source text, headers jsonb,
                                                  out event queue_statistics.phone_event, out problem text)
  language plpgsql stable
  as $$
declare
  action text := headers ->> 'CC-Action';
  agent text := coalesce(headers ->> 'CC-Agent', '');
  called bigint := queue_statistics.event_seconds(headers ->> 'CC-Agent-Called-Time');
  answered bigint := queue_statistics.event_seconds(headers ->> 'CC-Agent-Answered-Time');
  joined bigint := queue_statistics.event_seconds(headers ->> 'CC-Member-Joined-Time');
  sent bigint := queue_statistics.event_seconds(pg_catalog.left(headers ->> 'Event-Date-Timestamp', -6));  -- microseconds
  at bigint;
begin
  -- mod_callcenter writes 0 for a moment that never came.
  called := nullif(called, 0);
  answered := nullif(answered, 0);
  joined := nullif(joined, 0);
  case action
    when 'member-queue-start', 'member-queue-end' then
      event.kind := 'entry';
      at := coalesce(nullif(queue_statistics.event_seconds(headers ->> 'CC-Member-Leaving-Time'), 0),
                     case when action = 'member-queue-start' then joined end, sent);
      agent := '';
    when 'bridge-agent-start' then
      event.kind := 'answer';
      at := coalesce(answered, sent);
      event.ring := case when answered >= called then answered - called end;
    when 'bridge-agent-end' then
      event.kind := 'end';
      at := coalesce(nullif(queue_statistics.event_seconds(headers ->> 'CC-Bridge-Terminated-Time'), 0), sent);
      event.ring := case when answered >= called then answered - called end;
      event.talk := case when at >= answered then at - answered end;
      event.outcome := case when headers ->> 'CC-Agent-Bridged' = 'false' then 'failed' end;
    when 'bridge-agent-fail' then
      event.kind := 'offer';
      at := coalesce(nullif(queue_statistics.event_seconds(headers ->> 'CC-Agent-Aborted-Time'), 0), sent, called);
      event.outcome := case
        when headers ->> 'CC-Hangup-Cause' = 'LOSE_RACE' then 'answered_elsewhere'
        when headers ->> 'CC-Hangup-Cause' = 'ORIGINATOR_CANCEL' then 'cancelled'
        when headers ->> 'CC-Hangup-Cause' in ('USER_BUSY', 'NORMAL_CIRCUIT_CONGESTION', 'USER_NOT_REGISTERED') then 'busy'
        else 'no_answer' end;
      event.ring := case when at >= called and event.outcome <> 'busy' then at - called end;
    else
      return;
  end case;
  event.hold := case when event.kind in ('answer', 'end') and answered >= joined then answered - joined end;
  event.time := pg_catalog.to_timestamp(at);
  event.began := case event.kind
    when 'offer' then pg_catalog.to_timestamp(case when called <= at then called else at end)
    when 'end' then pg_catalog.to_timestamp(at - coalesce(event.talk, 0))
    else event.time end;
  event.source := source;
  event.callid := coalesce(headers ->> 'CC-Member-UUID', '');
  event.queue_name := coalesce(headers ->> 'CC-Queue', '');
  event.agent := agent;
  problem := queue_statistics.event_problem(event);
  if problem is not null then
    event := null;
    return;
  end if;
  -- By its number alone where it has one: what is inserted again may have lost the bytes that were no text.
  event.digest := pg_catalog.substr(pg_catalog.sha256(pg_catalog.convert_to(pg_catalog.concat_ws('|', source, coalesce(
    headers ->> 'Core-UUID' || '|' || (headers ->> 'Event-Sequence'), at || '|' || (
    select pg_catalog.string_agg(h.key || '=' || h.value, '|' order by h.key)
      from pg_catalog.jsonb_each_text(headers) h where h.key like 'CC-%'))), 'UTF8')), 1, 12);
end
  $$;

-- Text in which %XX stands for bytes of UTF-8, as mod_json_cdr writes values; as it is when that is no text.
create function queue_statistics.url_decoded(value text)
  returns text language plpgsql immutable
  as $$
begin
  if pg_catalog.strpos(value, '%') = 0 then
    return value;
  end if;
  return pg_catalog.convert_from((
    select pg_catalog.string_agg(case when p.part[1] ~ '^%[0-9A-Fa-f]{2}$' then pg_catalog.decode(substr(p.part[1], 2), 'hex')
                                      else pg_catalog.convert_to(p.part[1], 'UTF8') end, '' order by p.n)
      from pg_catalog.regexp_matches(value, '%[0-9A-Fa-f]{2}|%|[^%]+', 'g') with ordinality p (part, n)), 'UTF8');
exception when data_exception then
  return value;
end
  $$;

-- The variables of a call detail record as one flat object: those of mod_json_cdr's `variables`, else the record itself.
create function queue_statistics.cdr_variables(record jsonb)
  returns jsonb language plpgsql immutable
  as $$
begin
  if pg_catalog.jsonb_typeof(record -> 'variables') is distinct from 'object' then
    return record;
  end if;
  return (select pg_catalog.jsonb_object_agg(v.key, queue_statistics.url_decoded(v.value))
            from pg_catalog.jsonb_each_text(record -> 'variables') v);
end
  $$;

-- A call detail record of FreeSWITCH with the variables of mod_callcenter, as one flat object: names as mod_json_cdr's
-- variables, mod_cdr_csv's and v_xml_cdr's columns. The agent's leg is one offer: answered when billsec is above 0.
-- An answer is stored as its end, which says all; so it and the live events of the same answer are one.
create function queue_statistics.freeswitch_cdr(source text, record jsonb,
                                                out event queue_statistics.phone_event, out problem text)
  language plpgsql stable
  as $$
declare
  began bigint := queue_statistics.event_seconds(record ->> 'start_epoch');
  ended bigint := nullif(queue_statistics.event_seconds(record ->> 'end_epoch'), 0);
  answered bigint := nullif(queue_statistics.event_seconds(record ->> 'answer_epoch'), 0);
  talk bigint := queue_statistics.event_seconds(record ->> 'billsec');
  joined bigint := nullif(queue_statistics.event_seconds(record ->> 'cc_queue_joined_epoch'), 0);
  cause text := record ->> 'hangup_cause';
begin
  if record ->> 'cc_side' is distinct from 'agent' then
    return;
  end if;
  ended := coalesce(ended, began + queue_statistics.event_seconds(record ->> 'duration'), began);
  if talk > 0 then
    event.kind := 'end';
    answered := coalesce(answered, ended - talk);
    event.talk := talk;
    event.ring := case when answered >= began then answered - began end;
    event.hold := case when answered >= joined then answered - joined end;
    event.began := pg_catalog.to_timestamp(answered);
  else
    event.kind := 'offer';
    event.outcome := case
      when cause = 'LOSE_RACE' then 'answered_elsewhere'
      when cause = 'ORIGINATOR_CANCEL' then 'cancelled'
      when cause in ('USER_BUSY', 'NORMAL_CIRCUIT_CONGESTION', 'USER_NOT_REGISTERED') then 'busy'
      else 'no_answer' end;
    event.ring := case when event.outcome <> 'busy' and ended >= began then ended - began end;
    event.began := pg_catalog.to_timestamp(began);
  end if;
  event.time := pg_catalog.to_timestamp(ended);
  event.source := source;
  event.callid := coalesce(record ->> 'cc_member_uuid', '');
  event.queue_name := coalesce(record ->> 'cc_queue', '');
  event.agent := coalesce(record ->> 'cc_agent', '');
  problem := case when began is null then 'the time cannot be read' else queue_statistics.event_problem(event) end;
  if problem is not null then
    event := null;
    return;
  end if;
  event.digest := pg_catalog.substr(pg_catalog.sha256(pg_catalog.convert_to(pg_catalog.concat_ws('|', source, began, ended,
    answered, talk, event.callid, event.queue_name, event.agent, cause, record ->> 'uuid'), 'UTF8')), 1, 12);
end
  $$;

-- A call as the events want it: to be inserted, updated, or (wanted false) deleted.
create type queue_statistics.call_change as (
  action      text,
  queue       bigint,
  id          bigint,
  agent       text,
  uniqueid    text,
  start       timestamptz,
  ringtime    integer,
  holdtime    integer,
  talktime    integer,
  outcome     queue_statistics.call_outcome,
  in_progress boolean
);

-- What must change in the calls so that they agree with the answers and ends of every entry that the given events touch.
--
-- 1. Within one caller's entries of a queue, an agent's end belongs to the answer right before it, unless the caller
--    entered anew in between (before the answer that the talk time leads back to, where it is known). Within a second
--    come ends of earlier talks, then answers, then other ends. Equal answers and equal ends pair by their ordinals.
-- 2. Of what is left (the end came under another call id, or its own answer is lost), an end belongs to the answer of
--    the same queue and agent that its talk time leads back to within a second; of two such, the later end.
-- 3. An end still alone is an answer at end - talk, unless the caller's answer by that agent is known (a second end).
--    An answer still alone is in progress, unless the phone system started, or the caller entered anew or left, since.
--
-- Rule 2 looks at two neighbours of a second each; so entries are linked that share an agent within two seconds.
-- `offset 0` keeps each look-up on its index, one entry after the other, whatever the planner believes of the tables.
-- The other joins are of many answers with many ends, of which it believes that there is one: hash them.
create function queue_statistics.match_answers(given queue_statistics.offer_events[])
  returns setof queue_statistics.call_change language plpgsql stable
  set enable_nestloop = off
  as $$
begin
  return query
  with recursive entries (source, callid, queue_name) as (
    select g.source, g.callid, g.queue_name from unnest(given) g where g.kind in ('entry', 'answer', 'end')
    union
    select near.source, near.callid, near.queue_name
      from entries n
     cross join lateral (
       select e.* from queue_statistics.offer_events e where e.callid = n.callid offset 0) e
     cross join lateral (
       select near.* from queue_statistics.offer_events near
        where near.queue_name = e.queue_name and near.agent = e.agent and near.kind in ('answer', 'end')
          and near.began between e.began - interval '2 seconds' and e.began + interval '2 seconds' offset 0) near
     where e.source = n.source and e.queue_name = n.queue_name and e.kind in ('answer', 'end')
       and near.source = e.source
  ),
  linked as materialized (
    select e.*
      from entries n
     cross join lateral (
       select e.* from queue_statistics.offer_events e where e.callid = n.callid offset 0) e
     where e.source = n.source and e.queue_name = n.queue_name and e.kind in ('answer', 'end')
  ),
  own as (
    select answer, ending
      from (select l.call as answer, l.kind, l.source, l.callid, l.queue_name, l."time", lead(l.call) over entry as ending,
                   lead(l.kind) over entry as next_kind, lead(l.began) over entry as next_began,
                   lead(l.talk) over entry as next_talk
              from linked l
            window entry as (partition by l.source, l.callid, l.queue_name, l.agent, l.ordinal
                                 order by l."time", case when l.kind = 'answer' then 1 when l.began < l."time" then 0 else 2 end,
                                          l.digest)) a
     where kind = 'answer' and next_kind = 'end'
       and not exists (select from queue_statistics.offer_events b
                        where b.callid = a.callid and b.source = a.source and b.queue_name = a.queue_name
                          and b.kind = 'entry' and b."time" > a."time"
                          and (b."time" < next_began or b."time" = next_began and next_talk is not null)
                       offset 0)
  ),
  other as (
    select answer,
           case when next_kind = 'end' and next_began <= began + interval '1 second' then next_call
                when previous_kind = 'end' and previous_began >= began - interval '1 second'
                     and (before_kind = 'answer' and before_began >= previous_began - interval '1 second') is not true
                then previous_call end as ending
      from (select l.call as answer, l.kind, l.began,
                   lead(l.call) over agent as next_call, lead(l.kind) over agent as next_kind,
                   lead(l.began) over agent as next_began,
                   lag(l.call) over agent as previous_call, lag(l.kind) over agent as previous_kind,
                   lag(l.began) over agent as previous_began,
                   lag(l.kind, 2) over agent as before_kind, lag(l.began, 2) over agent as before_began
              from linked l
             where (l.kind = 'answer' or l.talk is not null)
               and l.call not in (select answer from own union all select ending from own)
            window agent as (partition by l.source, l.queue_name, l.agent
                                 order by l.began, l.kind, l.callid, l.digest, l.ordinal)) a
     where kind = 'answer'
  ),
  pairs as (
    select answer, ending from own union all select answer, ending from other where ending is not null
  ),
  wanted as (
    select a.queue, a.call, a.agent, a.callid, a.began, coalesce(a.ring, e.ring) as ring, coalesce(a.hold, e.hold) as hold,
           e.talk, coalesce(e.outcome, 'answered') as outcome,
           e.call is null
             and not exists (select from queue_statistics.phone_systems s
                              where s.source = a.source and s.restarted >= a.began)
             and not exists (select from queue_statistics.offer_events b
                              where b.callid = a.callid and b.source = a.source and b.queue_name = a.queue_name
                                and b.kind = 'entry' and b."time" > a."time") as in_progress,
           true as wanted
      from linked a
      left join pairs p on p.answer = a.call
      left join linked e on e.call = p.ending
     where a.kind = 'answer'
    union all
    select e.queue, e.call, e.agent, e.callid, e.began, e.ring, e.hold, e.talk, coalesce(e.outcome, 'answered'), false,
           e.call not in (select ending from pairs)
             and not exists (select from queue_statistics.offer_events a
                              where a.callid = e.callid and a.source = e.source and a.queue_name = e.queue_name
                                and a.agent = e.agent and a.kind = 'answer'
                                and (e.talk is null and a."time" <= e."time"
                                     or a.began between e.began - interval '1 second' and e.began + interval '1 second'))
      from linked e
     where e.kind = 'end'
  )
  select case when c.id is null then 'insert' when w.wanted then 'update' else 'delete' end,
         w.queue, w.call, w.agent, w.callid, v.*, w.outcome, w.in_progress
    from wanted w
   cross join lateral (
     select greatest(w.began - make_interval(secs => coalesce(w.ring, 0)), '1970-01-01 00:00:00+00') as start, w.ring,
            case when w.outcome = 'answered' then w.hold end as hold,
            case when w.outcome = 'answered' then w.talk end as talk) v
    left join lateral (
     select * from queue_statistics.queue_destination_calls c
      where c.queue = w.queue and c.id = w.call and c.uniqueid = w.callid offset 0) c on true
   where w.queue is not null
     and case when not w.wanted then c.id is not null
              else (c.start, c.ringtime, c.holdtime, c.talktime, c.outcome, c.in_progress)
                   is distinct from (v.start, v.ring, v.hold, v.talk, w.outcome, w.in_progress) end;
end
  $$;

-- Ids for a call and for a destination: past those that somebody has given to his own.
create function queue_statistics.call_id(of_queue bigint)
  returns bigint language plpgsql
  as $$
declare
  drawn bigint;
begin
  loop
    drawn := pg_catalog.nextval('queue_statistics.queue_destination_calls_id_seq');
    exit when not exists (select from queue_statistics.queue_destination_calls c where c.queue = of_queue and c.id = drawn);
  end loop;
  return drawn;
end
  $$;

create function queue_statistics.destination_id()
  returns bigint language plpgsql
  as $$
declare
  drawn bigint;
begin
  loop
    drawn := pg_catalog.nextval('queue_statistics.queue_destinations_id_seq');
    exit when not exists (select from queue_statistics.queue_destinations d where d.id = drawn);
  end loop;
  return drawn;
end
  $$;

-- Brings in what follows from events that were stored or placed just now. Returns by how many the calls grew.
-- What the first pass cannot insert for want of a destination, or because somebody has given the id to a call of his own
-- since the event got it, gets a destination or another id, and the second pass inserts it.
create function queue_statistics.make_calls(fresh queue_statistics.offer_events[])
  returns bigint language plpgsql
  as $$
declare
  changes queue_statistics.call_change[];
  entries queue_statistics.offer_events[];
  inserts bigint;
  earliest timestamptz;
  inserted bigint := 0;
  deleted bigint := 0;
  n bigint;
begin
  changes := array(
    select row('insert', f.queue, f.call, f.agent, f.callid, f.began, f.ring, null, null, f.outcome,
               false)::queue_statistics.call_change
      from pg_catalog.unnest(fresh) f where f.kind = 'offer' and f.queue is not null);
  entries := array(
    select f from pg_catalog.unnest(fresh) f
     where f.kind in ('answer', 'end')
        or f.kind = 'entry'  -- most often the first that is heard of a call
           and exists (select from queue_statistics.offer_events o
                        where o.callid = f.callid and o.kind in ('answer', 'end') offset 0));
  if pg_catalog.cardinality(entries) > 0 then
    changes := changes || array(select m from queue_statistics.match_answers(entries) m);
  end if;
  select pg_catalog.count(*), pg_catalog.min(c.start) into inserts, earliest
    from pg_catalog.unnest(changes) c where c.action = 'insert';
  if earliest < pg_catalog.date_trunc('day', pg_catalog.now(), 'UTC') then  -- what started today was not pruned
    changes := array(
      select c from pg_catalog.unnest(changes) c
       where c.action <> 'insert' or c.start >= coalesce((select p.before from queue_statistics.pruned p), '-infinity'));
    inserts := (select pg_catalog.count(*) from pg_catalog.unnest(changes) c where c.action = 'insert');
  end if;

  if inserts < pg_catalog.cardinality(changes) then
    delete from queue_statistics.queue_destination_calls t using pg_catalog.unnest(changes) u
     where u.action = 'delete' and t.queue = u.queue and t.id = u.id and t.uniqueid = u.uniqueid;
    get diagnostics deleted = row_count;
    update queue_statistics.queue_destination_calls t
       set start = u.start, ringtime = u.ringtime, holdtime = u.holdtime, talktime = u.talktime, outcome = u.outcome,
           in_progress = u.in_progress
      from pg_catalog.unnest(changes) u
     where u.action = 'update' and t.queue = u.queue and t.id = u.id and t.uniqueid = u.uniqueid;
  end if;

  for pass in 1..2 loop
    exit when inserted = inserts;
    if pass = 2 then
      insert into queue_statistics.queue_destinations (id, queue, dtype, dnumber)
      select queue_statistics.destination_id(), m.*
        from (select distinct i.queue, a.dtype, a.dnumber
                from pg_catalog.unnest(changes) i
               cross join lateral queue_statistics.agent_destination(i.agent) a
               where i.action = 'insert') m
          on conflict (queue, dtype, dnumber) do nothing;
      with taken as (
        update queue_statistics.offer_events o set call = queue_statistics.call_id(i.queue)
          from pg_catalog.unnest(changes) i
          join queue_statistics.queue_destination_calls t on t.queue = i.queue and t.id = i.id and t.uniqueid <> i.uniqueid
         where i.action = 'insert' and o.callid = i.uniqueid and o.queue = i.queue and o.call = i.id
        returning i.id as was, o.call as id
      )
      select pg_catalog.array_agg(row(c.action, c.queue, coalesce(t.id, c.id), c.agent, c.uniqueid, c.start, c.ringtime,
                                      c.holdtime, c.talktime, c.outcome, c.in_progress)::queue_statistics.call_change)
        into changes
        from pg_catalog.unnest(changes) c
        left join taken t on t.was = c.id;
    end if;
    insert into queue_statistics.queue_destination_calls
           (id, queue, destination, uniqueid, start, ringtime, holdtime, talktime, outcome, in_progress)
    select i.id, i.queue, d.id, i.uniqueid, i.start, i.ringtime, i.holdtime, i.talktime, i.outcome, i.in_progress
      from pg_catalog.unnest(changes) i
     cross join lateral queue_statistics.agent_destination(i.agent) a
      join queue_statistics.queue_destinations d on d.queue = i.queue and d.dtype = a.dtype and d.dnumber = a.dnumber
     where i.action = 'insert'
       and not exists (select from queue_statistics.queue_destination_calls t where t.queue = i.queue and t.id = i.id);
    get diagnostics n = row_count;
    inserted := inserted + n;
  end loop;
  if inserted < inserts and exists (select from pg_catalog.unnest(changes) i
                                     where i.action = 'insert'
                                       and not exists (select from queue_statistics.queue_destination_calls t
                                                        where t.queue = i.queue and t.id = i.id)) then
    raise 'calls of phone events could not be inserted';
  end if;
  return inserted - deleted;
end
  $$;

-- A phone system started: what was in progress is over.
create function queue_statistics.restart(source text, "time" timestamptz)
  returns void language plpgsql
  as $$
begin
  insert into queue_statistics.phone_systems as s (source, restarted) values (restart.source, restart.time)
      on conflict on constraint phone_systems_pkey do update set restarted = excluded.restarted
   where s.restarted < excluded.restarted;
  if not found then
    return;  -- a later restart is known, and has ended all that this one could
  end if;
  update queue_statistics.queue_destination_calls c set in_progress = false
    from queue_statistics.offer_events o
   where c.in_progress and o.callid = c.uniqueid and o.queue = c.queue and o.call = c.id
     and o.source = restart.source and o.began <= restart.time;
end
  $$;

-- Stores those of the events that are new, and brings in what follows from them; returns by how many the calls grew.
-- Plans are made once, while tables may be empty, and kept while they grow: hence no sequential scans.
-- customer: of an import, else null. feed 0 is a file, whose equal events must come in one call, or FreeSWITCH.
create function queue_statistics.fold_events(events queue_statistics.phone_event[], feed integer, customer bigint)
  returns bigint language plpgsql
  set plan_cache_mode = force_generic_plan set enable_seqscan = off set jit = off
  as $$
declare
  e queue_statistics.phone_event;
  locked text;
  seen queue_statistics.offer_events[];  -- call is null: stored already
  placed queue_statistics.offer_events[];
  stored bigint;
begin
  foreach e in array events loop
    if e.source is distinct from locked then
      perform pg_catalog.pg_advisory_xact_lock_shared(pg_catalog.hashtext('queue_statistics.names'), 0),
              pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtext('queue_statistics'), pg_catalog.hashtext(e.source));
      locked := e.source;
    end if;
    if e.kind = 'restart' then
      perform queue_statistics.restart(e.source, e.time);
    end if;
  end loop;

  seen := array(
    select row(n.source, n.callid, n.queue_name, n.agent, n.kind, n.time, n.began, n.ring, n.hold, n.talk, n.outcome,
               n.digest, n.ordinal, feed, n.queue,
               case when n.ordinal <= n.stored then null
                    when feed = 0 and customer is not null  -- an import has moved the sequence past all ids
                      then pg_catalog.nextval('queue_statistics.queue_destination_calls_id_seq')
                    else queue_statistics.call_id(n.queue) end)::queue_statistics.offer_events
      from (select u.*, q.queue, k.stored,
                   k.shown + pg_catalog.row_number() over (partition by u.callid, u.digest) as ordinal
              from pg_catalog.unnest(events) u
             cross join lateral (
               select coalesce(max(s.ordinal), 0) as stored,
                      coalesce(max(s.ordinal) filter (where s.feeds & feed <> 0), 0) as shown
                 from queue_statistics.offer_events s where s.callid = u.callid and s.digest = u.digest offset 0) k
              join (select d.queue_name, queue_statistics.queue_of(d.queue_name, customer) as queue
                      from (select distinct x.queue_name from pg_catalog.unnest(events) x offset 0) d offset 0) q
                on q.queue_name = u.queue_name
             where u.kind <> 'restart') n);

  insert into queue_statistics.offer_events select s.* from pg_catalog.unnest(seen) s where s.call is not null;
  get diagnostics stored = row_count;
  if stored < pg_catalog.cardinality(seen) then
    with found as (
      update queue_statistics.offer_events o set queue = s.queue
        from pg_catalog.unnest(seen) s
       where s.call is null and o.callid = s.callid and o.digest = s.digest and o.ordinal = s.ordinal
         and o.queue is null and s.queue is not null
      returning o
    )
    select pg_catalog.array_agg(f.o) into placed from found f;
    update queue_statistics.offer_events o set feeds = o.feeds | feed
      from pg_catalog.unnest(seen) s
     where s.call is null and o.callid = s.callid and o.digest = s.digest and o.ordinal = s.ordinal
       and o.feeds & feed <> feed;
    seen := array(select s from pg_catalog.unnest(seen) s where s.call is not null) || placed;
  end if;
  return case when pg_catalog.cardinality(seen) > 0 then queue_statistics.make_calls(seen) else 0 end;
end
  $$;

-- The lock on names, alone. Waiting for it keeps all events waiting that come after: so it is tried for ten seconds
-- first. What is looked up after it must be so in a statement of its own, to see what was committed meanwhile.
create function queue_statistics.lock_names()
  returns void language plpgsql
  as $$
begin
  for attempt in 1..200 loop
    if pg_catalog.pg_try_advisory_xact_lock(pg_catalog.hashtext('queue_statistics.names'), 0) then
      return;
    end if;
    perform pg_catalog.pg_sleep(0.05);
  end loop;
  perform pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtext('queue_statistics.names'), 0);
end
  $$;

-- Keeps calls that started before a time from being inserted by events; those that are being folded are waited for.
create function queue_statistics.begin_prune(before timestamptz)
  returns void language plpgsql
  as $$
begin
  perform queue_statistics.lock_names();
  insert into queue_statistics.pruned as p (before) values (begin_prune.before)
      on conflict (one) do update set before = greatest(p.before, excluded.before);
end
  $$;

-- What waits for a name comes in, a thousand events at a time, when the name has a queue by now.
create function queue_statistics.place_name(name text)
  returns void language plpgsql
  set plan_cache_mode = force_generic_plan set enable_seqscan = off set jit = off
  as $$
declare
  placed constant bigint := queue_statistics.queue_of(name, null);
  fresh queue_statistics.offer_events[];
begin
  if placed is null then
    return;
  end if;
  perform pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtext('queue_statistics'), pg_catalog.hashtext(w.source))
     from (select distinct e.source from queue_statistics.offer_events e
            where e.queue is null and e.queue_name = name order by e.source) w;
  loop
    with waiting as (
      select e.callid, e.digest, e.ordinal from queue_statistics.offer_events e
       where e.queue is null and e.queue_name = name limit 1000
    ),
    found as (
      update queue_statistics.offer_events e set queue = placed
        from waiting w
       where e.callid = w.callid and e.digest = w.digest and e.ordinal = w.ordinal
      returning e
    )
    select pg_catalog.array_agg(f.e) into fresh from found f;
    exit when fresh is null;
    perform queue_statistics.make_calls(fresh);
  end loop;
end
  $$;

-- Whatever waits although its name has a queue. `roll-up` calls it: see Locks.
create function queue_statistics.place_forgotten()
  returns void language sql
  set enable_seqscan = off
  as $$
  select queue_statistics.place_name(w.queue_name)
    from (select distinct e.queue_name from queue_statistics.offer_events e where e.queue is null) w
  $$;

-- A name, with a customer any name, may have got a queue.
create function queue_statistics.place_waiting()
  returns trigger language plpgsql security definer
  set search_path = pg_catalog, pg_temp set enable_seqscan = off
  as $$
begin
  if tg_table_name = 'map_queues' then
    perform queue_statistics.lock_names();
  end if;
  perform queue_statistics.place_name(w.queue_name)
     from (select distinct e.queue_name from queue_statistics.offer_events e
            where e.queue is null and (tg_table_name = 'customers' or e.queue_name in (old.name, new.name))) w;
  return null;
end
  $$;
create trigger place_waiting after insert or update or delete on queue_statistics.map_queues
  for each row execute function queue_statistics.place_waiting();
create trigger place_waiting after insert or update of customer, name, deleted on queue_statistics.queues
  for each row execute function queue_statistics.place_waiting();
create trigger place_waiting after update of parent, deleted on queue_statistics.customers
  for each row execute function queue_statistics.place_waiting();

-- An agent's name means another destination: its offers move there.
create function queue_statistics.move_agent()
  returns trigger language plpgsql security definer
  set search_path = pg_catalog, pg_temp set jit = off
  as $$
declare
  name text;
begin
  perform queue_statistics.lock_names();
  foreach name in array array_remove(array[old.name, nullif(new.name, old.name)], null) loop
    insert into queue_statistics.queue_destinations (id, queue, dtype, dnumber)
    select queue_statistics.destination_id(), m.*
      from (select distinct c.queue, a.dtype, a.dnumber
              from queue_statistics.offer_events e
              join queue_statistics.queue_destination_calls c
                on c.queue = e.queue and c.id = e.call and c.uniqueid = e.callid
             cross join queue_statistics.agent_destination(name) a
             where e.agent = name) m
        on conflict (queue, dtype, dnumber) do nothing;
    update queue_statistics.queue_destination_calls c set destination = d.id
      from queue_statistics.offer_events e
     cross join queue_statistics.agent_destination(name) a
      join queue_statistics.queue_destinations d on d.queue = e.queue and d.dtype = a.dtype and d.dnumber = a.dnumber
     where e.agent = name and c.queue = e.queue and c.id = e.call and c.uniqueid = e.callid and c.destination <> d.id;
  end loop;
  return null;
end
  $$;
create trigger move_agent after insert or update or delete on queue_statistics.map_agents
  for each row execute function queue_statistics.move_agent();

-- Asterisk's realtime table (extconfig.conf: queue_log => pgsql|odbc,...), whatever its version and settings write: time
-- as date and time or as Unix seconds; data in data1 to data5, or all in data with pipes (queue_adaptive_realtime=no).
-- source: which phone system, when several share the table (`alter role ... set queue_statistics.source`).
create table queue_statistics.queue_log (
  id        bigint generated by default as identity primary key,
  received  timestamptz not null default now(),
  source    text default coalesce(nullif(current_setting('queue_statistics.source', true), ''), 'asterisk'),
  "time"    text,
  callid    text,
  queuename text,
  agent     text,
  event     text,
  data1     text,
  data2     text,
  data3     text,
  data4     text,
  data5     text,
  data      text
);

-- A thousand events at a time, so that a COPY of any length takes the same memory.
create function queue_statistics.fold_queue_log()
  returns trigger language plpgsql security definer set search_path = pg_catalog, pg_temp
  as $$
declare
  events queue_statistics.phone_event[] := '{}';
  r record;
begin
  for r in
    select n.source, n.text, e.event, e.problem
      from (select coalesce(source, '') as source, coalesce(time, '') as time, coalesce(callid, '') as callid,
                   coalesce(queuename, '') as queuename, coalesce(agent, '') as agent, coalesce(event, '') as event,
                   coalesce(nullif(data, ''), concat(data1, '|', data2, '|', data3, '|', data4, '|', data5)) as data,
                   concat_ws('|', time, callid, queuename, agent, event, data1, data2, data3, data4, data5, data) as text
              from new_rows) n
     cross join lateral queue_statistics.asterisk_event(n.source, n.time, n.callid, n.queuename, n.agent, n.event, n.data) e
     where (e.event).kind is not null or e.problem is not null
  loop
    if r.problem is null then
      events := array_append(events, r.event);
    else
      insert into queue_statistics.event_problems (source, problem, event)
      values (r.source, r.problem, left(r.text, 1000));
    end if;
    if cardinality(events) = 1000 then
      perform queue_statistics.fold_events(events, 1, null);
      events := '{}';
    end if;
  end loop;
  if cardinality(events) > 0 then
    perform queue_statistics.fold_events(events, 1, null);
  end if;
  return null;
end
  $$;
create trigger fold after insert on queue_statistics.queue_log
  referencing new table as new_rows for each statement execute function queue_statistics.fold_queue_log();

-- Events of FreeSWITCH's mod_callcenter, each as a JSON object of its headers.
create table queue_statistics.freeswitch_events (
  id       bigint generated by default as identity primary key,
  received timestamptz not null default now(),
  source   text default coalesce(nullif(current_setting('queue_statistics.source', true), ''), 'freeswitch'),
  event    text
);

-- The headers of an event, or null when the text is no JSON object.
create function queue_statistics.event_headers(event text)
  returns jsonb language plpgsql immutable
  as $$
declare
  headers jsonb;
begin
  headers := event::jsonb;
  return case when pg_catalog.jsonb_typeof(headers) = 'object' then headers end;
exception when data_exception or program_limit_exceeded then
  return null;
end
  $$;

create function queue_statistics.fold_freeswitch_events()
  returns trigger language plpgsql security definer set search_path = pg_catalog, pg_temp
  as $$
declare
  events queue_statistics.phone_event[] := '{}';
  r record;
begin
  for r in
    select n.source, n.event as text, e.event,
           case when n.headers is null then 'the event is no JSON object' else e.problem end as problem
      from (select coalesce(source, '') as source, event, queue_statistics.event_headers(event) as headers
              from new_rows offset 0) n
     cross join lateral queue_statistics.freeswitch_event(n.source, n.headers) e
     where (e.event).kind is not null or e.problem is not null or n.headers is null
  loop
    if r.problem is null then
      events := array_append(events, r.event);
    else
      insert into queue_statistics.event_problems (source, problem, event)
      values (r.source, r.problem, left(coalesce(r.text, ''), 1000));
    end if;
    if cardinality(events) = 1000 then
      perform queue_statistics.fold_events(events, 0, null);
      events := '{}';
    end if;
  end loop;
  if cardinality(events) > 0 then
    perform queue_statistics.fold_events(events, 0, null);
  end if;
  return null;
end
  $$;
create trigger fold after insert on queue_statistics.freeswitch_events
  referencing new table as new_rows for each statement execute function queue_statistics.fold_freeswitch_events();

-- How far `import asterisk --follow` has read each phone system's log. It moves in the transaction that folds what was
-- read, so that a killed follower neither loses nor doubles a line. position: the byte where the next line begins; lines:
-- how many stand before it. The file is known by the beginnings of its first line and of the last line read, which stands
-- at last_line_at: rotation changes its name, a copy its inode, and inodes are used again. Where nothing was read yet,
-- device and inode tell, and modified (nanoseconds since 1970): what was rotated then is older. Never delete a row: the events of a log that is followed from its start again count twice.
create table queue_statistics.followed_files (
  source       text collate "C" primary key,
  device       bigint not null,
  inode        bigint not null,
  modified     bigint not null,
  first_line   bytea not null,
  last_line    bytea not null,
  last_line_at bigint not null,
  position     bigint not null check (position >= 0),
  lines        bigint not null
);

revoke all on function queue_statistics.event_seconds(text), queue_statistics.event_time(text),
  queue_statistics.event_problem(queue_statistics.phone_event), queue_statistics.event_headers(text),
  queue_statistics.asterisk_event(text, text, text, text, text, text, text),
  queue_statistics.freeswitch_event(text, jsonb), queue_statistics.url_decoded(text),
  queue_statistics.cdr_variables(jsonb), queue_statistics.freeswitch_cdr(text, jsonb),
  queue_statistics.agent_destination(text), queue_statistics.is_current(bigint),
  queue_statistics.queue_of(text, bigint),
  queue_statistics.match_answers(queue_statistics.offer_events[]),
  queue_statistics.make_calls(queue_statistics.offer_events[]), queue_statistics.restart(text, timestamptz),
  queue_statistics.call_id(bigint), queue_statistics.destination_id(),
  queue_statistics.fold_events(queue_statistics.phone_event[], integer, bigint),
  queue_statistics.lock_names(), queue_statistics.begin_prune(timestamptz), queue_statistics.place_name(text),
  queue_statistics.place_forgotten(), queue_statistics.place_waiting(), queue_statistics.move_agent(),
  queue_statistics.fold_queue_log(),
  queue_statistics.fold_freeswitch_events() from public;

insert into queue_statistics.schema_version (version, works_with) values (3, 1);
