-- Asterisk's queue log as phone events. A file of its own because it is all that knows Asterisk, beside the shape of
-- the table queue_log.

-- A row of Asterisk's queue log as a phone event (app_queue.c of releases 1.8 to 22). The arguments are the row's
-- columns; `data`: all data fields, joined by pipes; `zone`: the time zone of `time`, as of event_time(). `event` is
-- null when the row says nothing about a call. `problem` says why when the row should give an event but cannot: `event`
-- is null then too. Never an error, and no table is read.
create function queue_statistics.asterisk_event(source text, "time" text, callid text, queuename text, agent text,
                                                name text, data text, zone text default null,
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
  reason queue_statistics.caller_outcome;
  waited text;  -- the field with the seconds until the caller left
  wait integer;
begin
  case name
    when 'ENTERQUEUE' then
      kind := 'enter';
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
      ms := queue_statistics.event_number(d[1]);
      outcome := case when name = 'RINGCANCELED' then 'cancelled'::queue_statistics.call_outcome
                      when ms = 0 then 'busy' else 'no_answer' end;
      ring := case when outcome <> 'busy' and ms / 1000 <= 2147483647 then ms / 1000 end;
    when 'ABANDON' then
      reason := 'abandoned';
      waited := d[3];
      if agent not in ('', 'NONE') then
        kind := 'offer';
        outcome := 'cancelled';
      end if;
    when 'EXITWITHTIMEOUT' then
      reason := 'timeout';
      waited := d[3];
    when 'EXITWITHKEY' then
      reason := 'key';
      waited := d[4];
    when 'EXITEMPTY' then
      reason := 'empty';
      waited := d[3];
    when 'LEAVEEMPTY' then  -- dialplans of Wazo
      reason := 'empty';
    when 'WITHDRAW' then
      reason := 'other';
      waited := d[3];
    when 'SYSCOMPAT' then
      kind := 'offer';
      outcome := 'failed';
      reason := 'other';
    when 'AGENTDUMP' then
      kind := 'offer';
      outcome := 'failed';
    when 'FULL', 'JOINEMPTY', 'CLOSED', 'DIVERT_CA_RATIO', 'DIVERT_HOLDTIME' then  -- rows of dialplans
      kind := 'refusal';
      agent := '';
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

  at := queue_statistics.event_time(asterisk_event.time, zone);
  if kind = 'restart' and at > pg_catalog.now() then
    at := pg_catalog.now();  -- a wrong clock; else every call until that time would end as it begins
  end if;
  epoch := pg_catalog.date_part('epoch', at);
  if greatest(ring, talk) > epoch then  -- seconds that would reach back before 1970 count as unknown
    ring := case when ring <= epoch then ring end;
    talk := case when talk <= epoch then talk end;
  end if;
  if reason is not null then
    wait := queue_statistics.event_seconds(waited);
    wait := case when wait <= epoch then wait end;
    if kind is null then
      kind := 'leave';
      agent := '';
    end if;
  end if;
  event := row(source, callid, queuename, agent, kind, at,
    at - pg_catalog.make_interval(secs => coalesce(case kind when 'offer' then ring when 'end' then talk
                                                             when 'leave' then wait end, 0)),
    ring, hold, talk, outcome, reason, wait, reason is not null and coalesce(waited, '') = '',
    pg_catalog.substr(pg_catalog.sha256(pg_catalog.convert_to(pg_catalog.concat_ws('|',
      source, callid, queuename, agent, name, pg_catalog.rtrim(data, '|')), 'UTF8')), 1, 12),
    null)::queue_statistics.phone_event;
  problem := queue_statistics.event_problem(event);
  if problem is not null then
    event := null;
  end if;
end
  $$;
