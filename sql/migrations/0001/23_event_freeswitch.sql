-- What FreeSWITCH says, live and in call detail records (CDR), as phone events. A file of its own because it is all
-- that knows FreeSWITCH, beside the shape of the table freeswitch_events.

-- The headers of an event as a JSON object; null when the text is not a JSON object. Never an error.
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

-- A moment in Unix seconds, 1..253402300799 (the year 9999), from text; null when the text is anything else.
-- mod_callcenter writes 0 for a moment that never came. Never an error.
create function queue_statistics.event_moment(value text)
  returns bigint language sql immutable parallel safe
  return case when queue_statistics.event_number(value) between 1 and 253402300799 then value::bigint end;

-- How a caller left who was not answered, from the reason that mod_callcenter gives: CC-Cancel-Reason of an event,
-- cc_cancel_reason of a record. Other reasons, and none, are `other`.
create function queue_statistics.freeswitch_reason(cancel_reason text)
  returns queue_statistics.caller_outcome language sql immutable
  return case when cancel_reason in ('NONE', 'BREAK_OUT') then 'abandoned'
              when cancel_reason = 'TIMEOUT' then 'timeout'
              when cancel_reason = 'NO_AGENT_TIMEOUT' then 'empty'
              when cancel_reason = 'EXIT_WITH_KEY' then 'key'
              else 'other' end::queue_statistics.caller_outcome;

-- An event of FreeSWITCH's mod_callcenter (1.10; CUSTOM callcenter::info) as a phone event. Its times are Unix seconds.
-- Results as of asterisk_event(). agent-offering is left out, because an offer is known by its end. Every caller ends
-- with member-queue-end: one who was answered with the cause Terminated.
create function queue_statistics.freeswitch_event(source text, headers jsonb,
                                                  out event queue_statistics.phone_event, out problem text)
  language plpgsql stable
  as $$
declare
  action text := headers ->> 'CC-Action';
  agent text := coalesce(headers ->> 'CC-Agent', '');
  called bigint := queue_statistics.event_moment(headers ->> 'CC-Agent-Called-Time');
  answered bigint := queue_statistics.event_moment(headers ->> 'CC-Agent-Answered-Time');
  joined bigint := queue_statistics.event_moment(headers ->> 'CC-Member-Joined-Time');
  sent bigint := queue_statistics.event_moment(  -- the header is in microseconds
    pg_catalog.left(headers ->> 'Event-Date-Timestamp', -6));
  at bigint;
begin
  case action
    when 'member-queue-start' then
      event.kind := 'enter';
      at := coalesce(joined, sent);
      agent := '';
    when 'member-queue-resume' then
      event.kind := 'resume';
      at := sent;
      agent := '';
    when 'member-queue-end' then
      event.kind := 'leave';
      at := coalesce(queue_statistics.event_moment(headers ->> 'CC-Member-Leaving-Time'), sent);
      event.reason := queue_statistics.freeswitch_reason(
        case when headers ->> 'CC-Cause' = 'Cancel' then headers ->> 'CC-Cancel-Reason' end);
      event.wait := case when headers ? 'CC-Member-Leaving-Time' then queue_statistics.seconds_between(joined, at) end;
      agent := '';
    when 'bridge-agent-start' then
      event.kind := 'answer';
      at := coalesce(answered, sent);
      event.ring := queue_statistics.seconds_between(called, answered);
    when 'bridge-agent-end' then
      event.kind := 'end';
      at := coalesce(queue_statistics.event_moment(headers ->> 'CC-Bridge-Terminated-Time'), sent);
      event.ring := queue_statistics.seconds_between(called, answered);
      event.talk := queue_statistics.seconds_between(answered, at);
      event.outcome := case when headers ->> 'CC-Agent-Bridged' = 'false' then 'failed' end;
    when 'bridge-agent-fail' then
      event.kind := 'leg';
      at := coalesce(queue_statistics.event_moment(headers ->> 'CC-Agent-Aborted-Time'), sent, called);
      event.outcome := case
        when headers ->> 'CC-Hangup-Cause' = 'LOSE_RACE' then 'answered_elsewhere'
        when headers ->> 'CC-Hangup-Cause' = 'ORIGINATOR_CANCEL' then 'cancelled'
        when headers ->> 'CC-Hangup-Cause' in ('USER_BUSY', 'NORMAL_CIRCUIT_CONGESTION', 'USER_NOT_REGISTERED')
          then 'busy'
        else 'no_answer' end;
      event.ring := case when event.outcome <> 'busy' then queue_statistics.seconds_between(called, at) end;
    else
      return;
  end case;
  event.hold := case when event.kind in ('answer', 'end') then queue_statistics.seconds_between(joined, answered) end;
  event.time := pg_catalog.to_timestamp(at);
  event.began := case event.kind
    when 'leg' then pg_catalog.to_timestamp(case when called <= at then called else at end)
    when 'end' then pg_catalog.to_timestamp(at - coalesce(event.talk, 0))
    when 'answer' then event.time
    else pg_catalog.to_timestamp(case when joined <= at then joined else at end) end;
  event.elapsed := event.reason is not null and event.wait is null;
  event.source := source;
  event.callid := coalesce(headers ->> 'CC-Member-UUID', '');
  event.queue_name := coalesce(headers ->> 'CC-Queue', '');
  event.agent := agent;
  problem := queue_statistics.event_problem(event);
  if problem is not null then
    event := null;
    return;
  end if;
  -- An event that has a number is known by the number alone: when it is inserted again, it may have lost the bytes that
  -- were not text.
  event.digest := pg_catalog.substr(pg_catalog.sha256(pg_catalog.convert_to(pg_catalog.concat_ws('|', source, coalesce(
    headers ->> 'Core-UUID' || '|' || (headers ->> 'Event-Sequence'), at || '|' || (
    select pg_catalog.string_agg(h.key || '=' || h.value, '|' order by h.key)
      from pg_catalog.jsonb_each_text(headers) h where h.key like 'CC-%'))), 'UTF8')), 1, 12);
end
  $$;

-- Text in which %XX stands for bytes of UTF-8, decoded, as mod_json_cdr writes values. Unchanged when the decoded bytes
-- are not valid text. Never an error.
create function queue_statistics.url_decoded(value text)
  returns text language plpgsql immutable
  as $$
begin
  if pg_catalog.strpos(value, '%') = 0 then
    return value;
  end if;
  return pg_catalog.convert_from((
    select pg_catalog.string_agg(case when p.part[1] ~ '^%[0-9A-Fa-f]{2}$'
                                        then pg_catalog.decode(substr(p.part[1], 2), 'hex')
                                      else pg_catalog.convert_to(p.part[1], 'UTF8') end, '' order by p.n)
      from pg_catalog.regexp_matches(value, '%[0-9A-Fa-f]{2}|%|[^%]+', 'g') with ordinality p (part, n)), 'UTF8');
exception when data_exception then
  return value;
end
  $$;

-- The variables of a call detail record as one flat object: mod_json_cdr's `variables`, decoded, when the record has
-- them, else the record itself.
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

-- A call detail record of FreeSWITCH with the variables of mod_callcenter, as one flat object, as a phone event. Names
-- are those of mod_json_cdr's variables and of the columns of mod_cdr_csv and v_xml_cdr (FusionPBX). Results as of
-- asterisk_event(). The agent's leg is one offer, answered when billsec is above 0. An answer is stored as its end,
-- which says all. The caller's own leg (member) is stored as the end of its stay in the queue, which says all too. So a
-- record and the live events of the same call make one call.
create function queue_statistics.freeswitch_cdr(source text, record jsonb,
                                                out event queue_statistics.phone_event, out problem text)
  language plpgsql stable
  as $$
declare
  began bigint := queue_statistics.event_moment(record ->> 'start_epoch');
  ended bigint := queue_statistics.event_moment(record ->> 'end_epoch');
  answered bigint := queue_statistics.event_moment(record ->> 'answer_epoch');
  talk bigint := queue_statistics.event_seconds(record ->> 'billsec');
  joined bigint := queue_statistics.event_moment(record ->> 'cc_queue_joined_epoch');
  left_at bigint;
  cause text := record ->> 'hangup_cause';
begin
  ended := coalesce(ended, began + queue_statistics.event_seconds(record ->> 'duration'), began);
  if record ->> 'cc_side' = 'member' then
    answered := queue_statistics.event_moment(record ->> 'cc_queue_answered_epoch');
    left_at := coalesce(queue_statistics.event_moment(record ->> 'cc_queue_terminated_epoch'),
                        queue_statistics.event_moment(record ->> 'cc_queue_canceled_epoch'));
    if coalesce(joined, answered, left_at) is null or coalesce(record ->> 'cc_member_uuid', '') = '' then
      return;  -- the record says nothing about a stay in a queue
    end if;
    ended := coalesce(left_at, ended);
    cause := pg_catalog.lower(record ->> 'cc_cause');
    event.kind := 'leave';
    if cause = 'cancel' then
      cause := record ->> 'cc_cancel_reason';
      event.reason := queue_statistics.freeswitch_reason(cause);
      answered := null;
    else
      event.reason := case when answered is null then 'other' else 'answered' end;
      event.talk := queue_statistics.seconds_between(answered, ended);
    end if;
    event.wait := queue_statistics.seconds_between(joined, coalesce(answered, ended));
    began := least(coalesce(joined, answered, ended), ended);
    event.began := pg_catalog.to_timestamp(began);
  elsif record ->> 'cc_side' is distinct from 'agent' then
    return;
  elsif talk > 0 then
    event.kind := 'end';
    answered := coalesce(answered, ended - talk);
    event.talk := talk;
    event.ring := queue_statistics.seconds_between(began, answered);
    event.hold := queue_statistics.seconds_between(joined, answered);
    event.began := pg_catalog.to_timestamp(answered);
  else
    event.kind := 'leg';
    event.outcome := case
      when cause = 'LOSE_RACE' then 'answered_elsewhere'
      when cause = 'ORIGINATOR_CANCEL' then 'cancelled'
      when cause in ('USER_BUSY', 'NORMAL_CIRCUIT_CONGESTION', 'USER_NOT_REGISTERED') then 'busy'
      else 'no_answer' end;
    event.ring := case when event.outcome <> 'busy' then queue_statistics.seconds_between(began, ended) end;
    event.began := pg_catalog.to_timestamp(began);
  end if;
  event.time := pg_catalog.to_timestamp(ended);
  event.source := source;
  event.callid := coalesce(record ->> 'cc_member_uuid', '');
  event.queue_name := coalesce(record ->> 'cc_queue', '');
  event.agent := case event.kind when 'leave' then '' else coalesce(record ->> 'cc_agent', '') end;
  event.elapsed := event.kind = 'leave' and event.reason <> 'answered' and event.wait is null;
  problem := case when began is null then 'the time cannot be read' else queue_statistics.event_problem(event) end;
  if problem is not null then
    event := null;
    return;
  end if;
  event.digest := pg_catalog.substr(pg_catalog.sha256(pg_catalog.convert_to(pg_catalog.concat_ws('|', source, began,
    ended, answered, talk, event.callid, event.queue_name, event.agent, cause, record ->> 'uuid'), 'UTF8')), 1, 12);
end
  $$;
