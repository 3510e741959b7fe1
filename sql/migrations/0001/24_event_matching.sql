-- Which end belongs to which answer, which legs are one offer, and which events are of one caller. A file of its own
-- because it holds all rules about what the stored events mean together, and depends on the stored events alone.

-- An answer, an end that says that there was an answer, or a leg, and the offer that follows from it. `wanted` false:
-- no offer follows from the event. Times are seconds, as in the table of offers.
create type queue_statistics.matched_answer as (
  event       queue_statistics.phone_events,
  wanted      boolean,
  start       timestamptz,
  ringtime    integer,
  holdtime    integer,
  talktime    integer,
  outcome     queue_statistics.call_outcome,
  in_progress boolean
);

-- The answers and ends of every stay in a queue that the given events touch, matched. A stay here is one caller in one
-- queue of one phone system: all events of one source, callid and queue name. The function only reads; make_calls()
-- makes the changes. Whoever calls it holds the lock of the phone system.
-- 1. An agent's end belongs to the answer of the same agent right before it in the same stay. It does not when the
--    caller entered the queue anew (or left it) in between: after that answer, and before the moment that the talk time
--    leads back to, or before the end where the talk time is unknown. Within one second, ends of earlier talks come
--    first, then answers, then other ends. Equal answers and equal ends pair by their ordinals.
-- 2. An end that is left (it came under another call id, or its own answer is lost) belongs to the answer of the same
--    queue and agent that its talk time leads back to within a second. Of two such ends, the later one.
-- 3. An end that is still alone is an answer that began at end - talk. It is not when the caller's answer by that agent
--    is known: then it is a second end. An answer that is still alone is in progress, unless the phone system started
--    since, or the caller entered the queue anew or left it since. FreeSWITCH says of a caller who was answered, too,
--    that the stay is over, also in the second of the answer (`other`, `answered`).
--
-- Rule 2 looks at two neighbours on each side, each within a second of the one before. So what the given events change
-- reaches as far as the stays that share an agent with them within two seconds (steps 1), which are returned too, and
-- what these depend on reaches two seconds further (steps 2). It never reaches further, however busy an agent is.
--
-- The events of a stay are looked up by the callid alone, and the rest is compared afterwards: `offset 0` keeps the
-- planner from looking them up by the queue's name, which would read all answers of the queue. A pair is seen from both
-- of its sides by window functions: no join of answers with ends is needed. `a` and `e` are the two that rule 1 may
-- pair; `p2`, `p1`, `n1`, `n2` are the events before and after among those that rule 2 looks at.
create function queue_statistics.match_answers(given queue_statistics.phone_events[])
  returns setof queue_statistics.matched_answer language plpgsql stable
  as $$
begin
  return query
  with recursive reached as (
    select distinct g.source, g.callid, g.queue_name, 0 as steps from unnest(given) g
    union
    select r.source, n.callid, r.queue_name, r.steps + 1
      from reached r
     cross join lateral (select * from queue_statistics.phone_events e where e.callid = r.callid offset 0) e
     cross join lateral (
       select near.callid from queue_statistics.phone_events near
        where near.queue_name = e.queue_name and near.agent = e.agent and near.kind in ('answer', 'end')
          and near.began between e.began - interval '2 seconds' and e.began + interval '2 seconds'
          and near.source = e.source and near.callid <> e.callid offset 0) n
     where r.steps < 2 and e.source = r.source and e.queue_name = r.queue_name and e.kind in ('answer', 'end')
  ),
  linked as (
    select e.event, r.steps
      from (select source, callid, queue_name, min(steps) as steps from reached group by source, callid, queue_name) r
     cross join lateral (
       select e as event, e.* from queue_statistics.phone_events e where e.callid = r.callid offset 0) e
     where e.source = r.source and e.queue_name = r.queue_name and e.kind in ('answer', 'end')
  ),
  own as (
    select n.event, n.steps, n.e,
           coalesce((n.a).kind = 'answer' and (n.e).kind = 'end', false)
             and not exists (select
                               from (select * from queue_statistics.phone_events b
                                      where b.callid = (n.e).callid offset 0) b
                              where b.source = (n.e).source and b.queue_name = (n.e).queue_name
                                and b.kind in ('enter', 'leave') and b."time" > (n.a)."time"
                                and (b."time" < (n.e).began or b."time" = (n.e).began and (n.e).talk is not null)
                            ) as paired
      from (select l.event, l.steps,
                   case (l.event).kind when 'answer' then l.event else lag(l.event) over stay end as a,
                   case (l.event).kind when 'end' then l.event else lead(l.event) over stay end as e
              from linked l
            window stay as (partition by (l.event).source, (l.event).callid, (l.event).queue_name, (l.event).agent,
                                          (l.event).ordinal
                                 order by (l.event)."time",
                                          case when (l.event).kind = 'answer' then 1
                                               when (l.event).began < (l.event)."time" then 0 else 2 end,
                                          (l.event).digest)) n
     offset 0
  ),
  other as (
    select o.event, o.steps, o.e, o.paired, lag(o.event, 2) over agent as p2, lag(o.event) over agent as p1,
           lead(o.event) over agent as n1, lead(o.event, 2) over agent as n2
      from own o
    window agent as (partition by (o.event).source, (o.event).queue_name, (o.event).agent,
                                  not o.paired and ((o.event).kind = 'answer' or (o.event).talk is not null)
                         order by (o.event).began, (o.event).kind, (o.event).callid, (o.event).digest,
                                  (o.event).ordinal)
  ),
  pairs as (
    select o.event,
           case when (o.event).kind = 'end' then o.event
                when o.paired then o.e
                when (o.n1).kind = 'end' and (o.n1).began <= (o.event).began + interval '1 second' then o.n1
                when (o.p1).kind = 'end' and (o.p1).began >= (o.event).began - interval '1 second'
                     and ((o.p2).kind = 'answer' and (o.p2).began >= (o.p1).began - interval '1 second') is not true
                  then o.p1 end as ending,
           (o.event).kind = 'answer' or (
             case when o.paired then false
                  when (o.event).talk is null then true
                  when (o.p1).kind = 'answer' and (o.event).began <= (o.p1).began + interval '1 second' then false
                  when (o.n1).kind = 'answer' and (o.event).began >= (o.n1).began - interval '1 second'
                    then (o.n2).kind = 'end' and (o.n2).began <= (o.n1).began + interval '1 second'
                  else true end) is true
             and not exists (select
                               from (select * from queue_statistics.phone_events a
                                      where a.callid = (o.event).callid offset 0) a
                              where a.source = (o.event).source and a.queue_name = (o.event).queue_name
                                and a.agent = (o.event).agent and a.kind = 'answer'
                                and ((o.event).talk is null and a."time" <= (o.event)."time"
                                     or a.began between (o.event).began - interval '1 second'
                                                    and (o.event).began + interval '1 second')) as wanted
      from other o
     where o.steps < 2 and (o.event).queue is not null
     offset 0
  )
  select w.event, w.wanted,
         greatest((w.event).began - make_interval(secs => coalesce((w.event).ring, (w.ending).ring, 0)),
                  '1970-01-01 00:00:00+00'),
         coalesce((w.event).ring, (w.ending).ring),
         case when w.outcome = 'answered' then coalesce((w.event).hold, (w.ending).hold) end,
         case when w.outcome = 'answered' then (w.ending).talk end, w.outcome,
         (w.ending).call is null
           and not exists (select from queue_statistics.phone_systems s
                            where s.source = (w.event).source and s.restarted >= (w.event).began offset 0)
           and not exists (select
                             from (select * from queue_statistics.phone_events b
                                    where b.callid = (w.event).callid offset 0) b
                            where b.source = (w.event).source and b.queue_name = (w.event).queue_name
                              and b.kind in ('enter', 'leave')
                              and (b."time" > (w.event)."time"
                                   or b."time" = (w.event)."time" and b.reason in ('other', 'answered')))
    from (select p.*, coalesce((p.ending).outcome, 'answered') as outcome from pairs p offset 0) w;
end
  $$;

-- The offer that follows from a leg, or does not.
create function queue_statistics.leg_offer(leg queue_statistics.phone_events, wanted boolean)
  returns queue_statistics.matched_answer language sql immutable
  return row(leg, wanted, leg.began, leg.ring, null, null, leg.outcome, false)::queue_statistics.matched_answer;

-- The legs of the callers and agents of the given events, as offers. A record's leg that began within a second of a
-- live one of the same caller, queue and agent is the same offer, each with at most one: the records choose in the
-- order of their beginnings, the earliest live one first. The live one makes the offer, unless a site has changed or
-- deleted the record's. Legs that wait for a queue make none. The function only reads. Whoever calls it holds the lock
-- of the phone system.
create function queue_statistics.match_legs(given queue_statistics.phone_events[])
  returns setof queue_statistics.matched_answer language plpgsql stable
  as $$
declare
  e    queue_statistics.phone_events;
  live queue_statistics.phone_events[] := '{}';  -- live legs that no record has told of so far
  told boolean;
begin
  for e in
    select l.*
      from (select distinct g.source, g.callid, g.queue_name, g.agent from unnest(given) g) c
     cross join lateral (select * from queue_statistics.phone_events l where l.callid = c.callid offset 0) l
     where l.source = c.source and l.queue_name = c.queue_name and l.agent = c.agent and l.kind = 'leg'
       and l.queue is not null
     order by l.source, l.callid, l.queue_name, l.agent,  -- a record follows the live legs of a second after it, too
              l.began + case when l.shown_file then interval '1 second' else '0' end, l.shown_file, l.digest,
              l."time", l.ordinal
  loop
    if e.shown_live then
      live := live || e;
      continue;
    end if;
    while cardinality(live) > 0
          and ((live[1]).source, (live[1]).callid, (live[1]).queue_name, (live[1]).agent, true)
              <> (e.source, e.callid, e.queue_name, e.agent, (live[1]).began >= e.began - interval '1 second') loop
      return next queue_statistics.leg_offer(live[1], true);
      live := live[2:];
    end loop;
    told := cardinality(live) > 0;
    return next queue_statistics.leg_offer(e, not told);
    if told then
      return next queue_statistics.leg_offer(live[1], not e.offer_is_own);
      live := live[2:];
    end if;
  end loop;
  foreach e in array live loop
    return next queue_statistics.leg_offer(e, true);
  end loop;
end
  $$;

-- A caller, as the events want it. `event` is the event that the caller begins with. `wanted` false: no caller begins
-- with the event any more. Times are seconds, as in the table of callers.
create type queue_statistics.matched_caller as (
  event       queue_statistics.phone_events,
  wanted      boolean,
  entered     timestamptz,
  waittime    integer,
  talktime    integer,
  outcome     queue_statistics.caller_outcome,
  in_progress boolean
);

-- The callers of every stay in a queue that the given events touch (see match_answers()). `answers`: what
-- match_answers() returns for the same events. A stay has several callers when the caller entered more than once. The
-- function only reads. Whoever calls it holds the lock of the phone system.
--
-- The events of a stay are walked through in the order of their times. There is at most one caller at a time, who
-- waits, was answered, or left.
-- 1. An enter begins a caller. Whoever still waited then has left unseen: `other`, wait unknown.
-- 2. An answer belongs to the caller who waits. When its hold time leads back to before the caller of the moment was
--    answered or left, it belongs to that caller; one who left was answered instead. Any other answer begins a caller,
--    whose enter was never seen.
-- 3. A leave belongs to the caller who waits. It changes nothing about a caller who was answered or left, because phone
--    systems write more than one row about a leave, up to seconds later. Without any caller before, it begins one. The
--    reason `answered`, of the caller's own record, also changes a caller who left, and tells what is not known
--    otherwise: wait, talk time and, where no enter was seen, when the caller entered.
-- 4. A resume makes a caller who left wait again. Without any caller before, it begins one. The wait of a caller who
--    leaves after a resume is the time from the enter.
-- 5. Whoever waits at the end, and entered before the phone system started, has left: `other`, wait unknown.
--
-- Within one second, what ends an earlier wait comes first: answers, then leaves (EXITEMPTY before ABANDON), then
-- resumes. Enters follow, each with the answer or the leave that tells a wait of 0 s. A phone system may write an enter
-- up to a second late: a caller who began with an answer or a leave of the same second, after a wait of at most a
-- second, or of unknown length, began with that enter. Likewise a leave that changed nothing is of the resume in its
-- second, or of the enter in its second, unless its wait is longer than a second, or the caller before left the same
-- way.
create function queue_statistics.match_callers(given queue_statistics.phone_events[],
                                               answers queue_statistics.matched_answer[])
  returns setof queue_statistics.matched_caller language plpgsql stable
  as $$
declare
  f      record;
  stay   queue_statistics.phone_events;    -- the first event of the stay
  restarted timestamptz;                   -- when its phone system last started
  c      queue_statistics.matched_caller;  -- the caller of the moment, when c.wanted
  over   timestamptz;                      -- when c was answered or left; null: c waits
  began  timestamptz;                      -- the time and the wait of the event that c began with
  gap    integer;
  begins boolean;
  is_own boolean;
  resumed boolean;                         -- c has left before and resumed
  was    queue_statistics.caller_outcome;  -- of the caller before c
  late   record;                           -- the last leave of the stay that changed nothing, and its time
  late_at timestamptz;
  no     queue_statistics.matched_caller;
begin
  no.wanted := false;
  for f in  -- the row without an event ends the last stay
    select *, case when kind = 'enter' or kind in ('answer', 'leave') and wait = 0
                   then row_number() over (partition by source, callid, queue_name, at, kind, wait = 0, counts
                                               order by reason is not distinct from 'abandoned', digest, ordinal)
                   else 0 end as turn
      from (select a.event, (a.event).source, (a.event).callid, (a.event).queue_name, (a.event).caller,
                   (a.event).digest, (a.event).ordinal, null::queue_statistics.caller_outcome as reason,
                   'answer' as kind, (a.event).began as at, a.holdtime as wait, a.talktime as talk, a.in_progress,
                   a.wanted and a.outcome = 'answered' as counts
              from unnest(answers) a
             where a.wanted and a.outcome = 'answered' or (a.event).caller is not null
             union all
            select e.event, e.source, e.callid, e.queue_name, e.caller, e.digest, e.ordinal, e.reason,
                   case when e.reason is not null then 'leave' else e.kind::text end, e."time", e.wait, e.talk, false,
                   true
              from (select g.source, g.callid, g.queue_name from unnest(given) g
                     union select (a.event).source, (a.event).callid, (a.event).queue_name from unnest(answers) a) s
             cross join lateral (
               select e as event, e.* from queue_statistics.phone_events e where e.callid = s.callid offset 0) e
             where e.source = s.source and e.queue_name = s.queue_name
               and (e.kind in ('enter', 'leave', 'resume') or e.kind = 'offer' and e.reason is not null)
             union all
            select null, null, null, null, null, null, null, null, 'none', null, null, null, null, false) fact
     order by source, callid, queue_name, at, turn, array_position('{enter,answer,leave,resume}', kind),
              reason is not distinct from 'abandoned', wait desc nulls last, digest, ordinal
  loop
    if (f.source, f.callid, f.queue_name) is distinct from (stay.source, stay.callid, stay.queue_name) then
      if c.wanted then
        if over is null and restarted >= c.entered then
          c.outcome := 'other';
        end if;
        return next c;
      end if;
      exit when f.kind = 'none';
      if f.source is distinct from stay.source then
        restarted := (select s.restarted from queue_statistics.phone_systems s where s.source = f.source);
      end if;
      stay := f.event;
      c := no;
      late_at := null;
    end if;

    begins := f.counts and not c.wanted;
    if f.counts and c.wanted then
      if f.kind = 'answer' then
        begins := (over is null or f.at - make_interval(secs => f.wait) <= over) is not true;
      elsif f.kind = 'enter' then
        begins := true;
        if began = f.at and (gap <= 1) is not false and (c.event).kind not in ('enter', 'resume') then
          if (c.event).caller is not null then
            no.event := c.event;
            return next no;
          end if;
          if (c.event).elapsed then
            c.waittime := 0;
          end if;
          is_own := (c.event).caller_is_own;
          c.event := f.event;
          c.event.caller_is_own := is_own or (f.event).caller_is_own;
          c.entered := f.at;
          continue;
        end if;
      end if;
    end if;
    if begins then
      was := null;
      if c.wanted then
        if over is null then
          c.outcome := 'other';
        end if;
        was := c.outcome;
        return next c;
      end if;
      c := row(f.event, true,
               greatest(case when f.kind = 'answer' or (f.event).kind = 'offer'
                             then f.at - make_interval(secs => coalesce(f.wait, 0)) else (f.event).began end,
                        '1970-01-01 00:00:00+00'), null, null, 'waiting', false);
      over := null;
      began := f.at;
      gap := f.wait;
      resumed := false;
    elsif f.caller is not null then
      no.event := f.event;
      return next no;
      if (f.event).caller_is_own and c.wanted then
        c.event.caller_is_own := true;  -- the caller began with this event before an earlier one came
      end if;
    end if;
    continue when not f.counts;

    if f.kind = 'answer' or f.reason = 'answered' then
      if c.outcome <> 'answered' then
        c.outcome := 'answered';
        c.waittime := f.wait;
        c.talktime := f.talk;
        c.in_progress := f.in_progress;
        over := f.at;
      elsif f.kind = 'leave' then
        c.waittime := coalesce(c.waittime, f.wait);
        c.talktime := coalesce(c.talktime, f.talk);
        c.in_progress := false;
      end if;
      if f.kind = 'leave' and (c.event).kind not in ('enter', 'resume') then
        c.entered := (f.event).began;
      end if;
    elsif f.kind = 'leave' and over is null then
      c.outcome := f.reason;
      if resumed or (f.event).elapsed and not begins then
        c.waittime := queue_statistics.seconds_between(extract(epoch from c.entered)::bigint,
                                                       extract(epoch from f.at)::bigint);
      elsif not (f.event).elapsed then
        c.waittime := f.wait;
      end if;
      over := f.at;
    elsif f.kind = 'leave' then
      late := f;
      late_at := f.at;
    elsif f.kind = 'resume' and c.outcome <> 'answered' then
      c.outcome := 'waiting';
      c.waittime := null;
      over := null;
      resumed := not begins;
    end if;
    if late_at = f.at and over is null then
      if f.kind = 'resume'
         or f.kind = 'enter' and (late.wait <= 1) is not false and late.reason is distinct from was then
        c.outcome := late.reason;
        c.waittime := case when resumed or (late.event).elapsed then extract(epoch from f.at - c.entered)
                           else late.wait end;
        over := f.at;
        late_at := null;
      end if;
    end if;
  end loop;
end
  $$;
