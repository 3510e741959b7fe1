-- Which end belongs to which answer. A file of its own because this one query holds all rules about talk times, and
-- depends on the stored events alone.

-- A call as the events want it. `action`: insert, update or delete. `uniqueid` is the events' callid, and `agent` says
-- the destination. Times are seconds, as in the table of calls.
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

-- What must change in the calls so that they agree with the answers and ends of every entry that the given events
-- touch. An entry here is one caller in one queue of one phone system: all events of one source, callid and queue name.
-- The function only reads; make_calls() makes the changes. Whoever calls it holds the lock of the phone system.
-- 1. An agent's end belongs to the answer of the same agent right before it in the same entry. It does not when the
--    caller entered the queue anew (or left it) in between: after that answer, and before the moment that the talk time
--    leads back to, or before the end where the talk time is unknown. Within one second, ends of earlier talks come
--    first, then answers, then other ends. Equal answers and equal ends pair by their ordinals.
-- 2. An end that is left (it came under another call id, or its own answer is lost) belongs to the answer of the same
--    queue and agent that its talk time leads back to within a second. Of two such ends, the later one.
-- 3. An end that is still alone is an answer that began at end - talk. It is not when the caller's answer by that agent
--    is known: then it is a second end. An answer that is still alone is in progress, unless the phone system started
--    since, or the caller entered the queue anew or left it since.
--
-- Rule 2 looks at two neighbours, each within a second of the one before. So entries that share an agent within two
-- seconds are linked.
--
-- `offset 0` keeps each look-up on its index, whatever the planner believes of the tables. A pair is seen from both of
-- its sides by window functions: no join of answers with ends is needed. `a` and `e` are the two that rule 1 may pair;
-- `p2`, `p1`, `n1`, `n2` are the events before and after among those that rule 2 looks at.
create function queue_statistics.match_answers(given queue_statistics.offer_events[])
  returns setof queue_statistics.call_change language plpgsql stable
  as $$
begin
  return query
  with recursive linked as (
    select e.event
      from (select distinct g.source, g.callid, g.queue_name from unnest(given) g
             where g.kind in ('entry', 'answer', 'end')) n
     cross join lateral (
       select e as event from queue_statistics.offer_events e
        where e.callid = n.callid and e.source = n.source and e.queue_name = n.queue_name
          and e.kind in ('answer', 'end') offset 0) e
    union
    select e.event
      from linked l
     cross join lateral (
       select near.callid from queue_statistics.offer_events near
        where near.queue_name = (l.event).queue_name and near.agent = (l.event).agent and near.kind in ('answer', 'end')
          and near.began between (l.event).began - interval '2 seconds' and (l.event).began + interval '2 seconds'
          and near.source = (l.event).source and near.callid <> (l.event).callid offset 0) n
     cross join lateral (
       select e as event from queue_statistics.offer_events e
        where e.callid = n.callid and e.source = (l.event).source and e.queue_name = (l.event).queue_name
          and e.kind in ('answer', 'end') offset 0) e
  ),
  own as (
    select n.event, n.e,
           coalesce((n.a).kind = 'answer' and (n.e).kind = 'end', false)
             and not exists (select from queue_statistics.offer_events b
                              where b.callid = (n.e).callid and b.source = (n.e).source
                                and b.queue_name = (n.e).queue_name and b.kind = 'entry' and b."time" > (n.a)."time"
                                and (b."time" < (n.e).began or b."time" = (n.e).began and (n.e).talk is not null)
                             offset 0) as paired
      from (select l.event, case (l.event).kind when 'answer' then l.event else lag(l.event) over entry end as a,
                   case (l.event).kind when 'end' then l.event else lead(l.event) over entry end as e
              from linked l
            window entry as (partition by (l.event).source, (l.event).callid, (l.event).queue_name, (l.event).agent,
                                          (l.event).ordinal
                                 order by (l.event)."time",
                                          case when (l.event).kind = 'answer' then 1
                                               when (l.event).began < (l.event)."time" then 0 else 2 end,
                                          (l.event).digest)) n
     offset 0
  ),
  other as (
    select o.event, o.e, o.paired, lag(o.event, 2) over agent as p2, lag(o.event) over agent as p1,
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
             and not exists (select from queue_statistics.offer_events a
                              where a.callid = (o.event).callid and a.source = (o.event).source
                                and a.queue_name = (o.event).queue_name and a.agent = (o.event).agent
                                and a.kind = 'answer'
                                and ((o.event).talk is null and a."time" <= (o.event)."time"
                                     or a.began between (o.event).began - interval '1 second'
                                                    and (o.event).began + interval '1 second') offset 0) as wanted
      from other o
     where (o.event).queue is not null
     offset 0
  )
  select case when c.id is null then 'insert' when w.wanted then 'update' else 'delete' end,
         (w.event).queue, (w.event).call, (w.event).agent, (w.event).callid, v.*
    from pairs w
   cross join lateral (
     select greatest((w.event).began - make_interval(secs => coalesce((w.event).ring, (w.ending).ring, 0)),
                     '1970-01-01 00:00:00+00') as start,
            coalesce((w.event).ring, (w.ending).ring) as ring,
            case when coalesce((w.ending).outcome, 'answered') = 'answered'
                 then coalesce((w.event).hold, (w.ending).hold) end as hold,
            case when coalesce((w.ending).outcome, 'answered') = 'answered' then (w.ending).talk end as talk,
            coalesce((w.ending).outcome, 'answered') as outcome,
            (w.ending).call is null
              and not exists (select from queue_statistics.phone_systems s
                               where s.source = (w.event).source and s.restarted >= (w.event).began offset 0)
              and not exists (select from queue_statistics.offer_events b
                               where b.callid = (w.event).callid and b.source = (w.event).source
                                 and b.queue_name = (w.event).queue_name and b.kind = 'entry'
                                 and b."time" > (w.event)."time" offset 0) as in_progress
     offset 0) v
    left join lateral (
     select * from queue_statistics.queue_destination_calls c
      where c.queue = (w.event).queue and c.id = (w.event).call and c.uniqueid = (w.event).callid offset 0) c on true
   where case when not w.wanted then c.id is not null
              else (c.start, c.ringtime, c.holdtime, c.talktime, c.outcome, c.in_progress)
                   is distinct from (v.start, v.ring, v.hold, v.talk, v.outcome, v.in_progress) end;
end
  $$;
