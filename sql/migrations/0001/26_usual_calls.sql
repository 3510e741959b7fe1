-- The short way from a live event to its calls. A file of its own because it decides alone when a caller's story is so
-- plain that nothing has to be matched; whatever it leaves is for make_calls() (25), with the same result.

-- Makes the calls of the event `f`, which was stored just now, in the usual case: as make_calls() makes them, but
-- without matching. In any other case it returns false, and make_calls() is to make them: also when a destination is
-- missing, or a site's own call has the id that the event was given. `restarted`: when the phone system last started.
-- Whoever calls it holds the lock of the phone system.
--
-- The usual case is a caller who enters, is offered in vain, is answered, and whose talk ends, or who leaves without an
-- answer: one event of each, each in a later second than the one before, in the order in which they come in. Nobody
-- else's talk with the same agent began within two seconds, so match_answers() would look at no other stay.
create function queue_statistics.make_usual_calls(f queue_statistics.phone_events, restarted timestamptz)
  returns boolean language plpgsql
  as $$
declare
  o      queue_statistics.phone_events;  -- another event of the caller
  enter  queue_statistics.phone_events;
  answer queue_statistics.phone_events;  -- the one that f ends
  talks constant boolean := f.kind = 'answer' and (restarted >= f.began) is not true;
  begins timestamptz := f.began;         -- the offer
  ring   integer := f.ring;
  hold   integer;
  folding text;  -- not used; an assignment costs less than `perform`
begin
  if f.kind <> 'offer' then
    for o in select * from queue_statistics.phone_events p
              where p.callid = f.callid and (p.digest, p."time") <> (f.digest, f."time")
                and (p.kind not in ('offer', 'leg') or p.reason is not null) loop
      if (o.source = f.source and o.queue_name = f.queue_name and o.queue = f.queue) is not true then
        return false;
      elsif o.kind = 'enter' and f.kind <> 'enter' and enter.kind is null then
        enter := o;
      elsif o.kind = 'answer' and f.kind = 'end' and answer.kind is null then
        answer := o;
      else
        return false;
      end if;
    end loop;
    if f.kind = 'enter' then
      if not queue_statistics.may_be_made(f.began) then
        return false;
      end if;
      insert into queue_statistics.queue_calls (id, queue, uniqueid, entered, outcome)
      values (f.caller, f.queue, f.callid, f.began,
              case when restarted >= f.began then 'other'::queue_statistics.caller_outcome else 'waiting' end)
          on conflict on constraint queue_calls_pkey do nothing;
      return found;
    end if;

    if (case f.kind
         when 'leave' then enter."time" < f."time" and f.reason <> 'answered'
         when 'answer' then enter."time" < f.began
         when 'end' then enter."time" < answer.began and answer."time" < f."time" and answer.agent = f.agent
                         and f.outcome is null and answer.caller is null and not answer.offer_is_own
       end) is not true or enter.caller is null or enter.caller_is_own then
      return false;
    end if;
    if f.kind <> 'leave' then
      begins := coalesce(answer.began, f.began);
      if exists (select from queue_statistics.phone_events n
                  where n.agent = f.agent and n.kind in ('answer', 'end')
                    and n.began between least(begins, f.began) - interval '2 seconds'
                                    and greatest(begins, f.began) + interval '2 seconds'
                    and n.queue_name = f.queue_name and n.source = f.source and n.callid <> f.callid) then
        return false;
      end if;
      ring := coalesce(answer.ring, f.ring);
      hold := coalesce(answer.hold, f.hold);
      begins := greatest(begins - pg_catalog.make_interval(secs => coalesce(ring, 0)), '1970-01-01 00:00:00+00');
    elsif f.elapsed then
      hold := queue_statistics.seconds_between(pg_catalog.date_part('epoch', enter.began)::bigint,
                                               pg_catalog.date_part('epoch', f."time")::bigint);
    else
      hold := f.wait;
    end if;

    folding := pg_catalog.set_config('queue_statistics.folding', 'on', true);
    update queue_statistics.queue_calls c
       set entered = enter.began, waittime = hold, talktime = f.talk, outcome = coalesce(f.reason, 'answered'),
           in_progress = talks
     where c.queue = f.queue and c.id = enter.caller and c.uniqueid = f.callid;
    if found and f.kind = 'end' then
      update queue_statistics.queue_destination_calls c
         set start = begins, ringtime = ring, holdtime = hold, talktime = f.talk, outcome = 'answered',
             in_progress = false
       where c.queue = f.queue and c.id = answer.call and c.uniqueid = f.callid;
    end if;
    folding := pg_catalog.set_config('queue_statistics.folding', '', true);
    if not found or f.kind <> 'answer' then
      return found;
    end if;
  elsif f.reason is not null then
    return false;
  end if;

  if not queue_statistics.may_be_made(begins) then
    return false;
  end if;
  -- `offset 0`: see make_offers()
  insert into queue_statistics.queue_destination_calls
         (id, queue, destination, uniqueid, start, ringtime, holdtime, outcome, in_progress)
  select f.call, f.queue, d.id, f.callid, begins, ring, hold, coalesce(f.outcome, 'answered'), talks
    from (select * from queue_statistics.agent_destination(f.agent) offset 0) a
   cross join lateral (
     select d.id from queue_statistics.queue_destinations d
      where d.queue = f.queue and d.dtype = a.dtype and d.dnumber = a.dnumber offset 0) d
      on conflict on constraint queue_destination_calls_pkey do nothing;
  return found;
end
  $$;
