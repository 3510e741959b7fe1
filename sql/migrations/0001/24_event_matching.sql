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
-- `offset 0` keeps each look-up on its index, one entry after the other, whatever the planner believes of the tables.
-- The other joins are of many answers with many ends. The planner believes that there is one of each, and would loop:
-- enable_nestloop = off makes it hash them.
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
      from (select l.call as answer, l.kind, l.source, l.callid, l.queue_name, l."time",
                   lead(l.call) over entry as ending,
                   lead(l.kind) over entry as next_kind, lead(l.began) over entry as next_began,
                   lead(l.talk) over entry as next_talk
              from linked l
            window entry as (partition by l.source, l.callid, l.queue_name, l.agent, l.ordinal
                                 order by l."time", case when l.kind = 'answer' then 1
                                                         when l.began < l."time" then 0 else 2 end,
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
    select a.queue, a.call, a.agent, a.callid, a.began,
           coalesce(a.ring, e.ring) as ring, coalesce(a.hold, e.hold) as hold,
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
                                     or a.began between e.began - interval '1 second'
                                                    and e.began + interval '1 second'))
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
