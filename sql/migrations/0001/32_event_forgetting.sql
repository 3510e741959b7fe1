-- Taking events back that came in wrongly: for the wrong customer, in a wrong time zone, under a wrong source. A file
-- of its own because `queue-statistics forget` alone uses it.

-- Deletes the events of a phone system that are dated from `since` on and before `until`: those of the callers of whom
-- there is one in a stretch of phone_events, from the row `first` on and before the row `last`. A caller's events go in
-- one transaction, so that what is seen meanwhile is either as before or as afterwards. Deletes the calls made of them,
-- and makes those anew that the remaining events of the same callers tell of. Returns how many events were deleted, and by how many the numbers of
-- offers and of callers shrank. A call that a site has changed stays. A restart of the phone system stays known.
--
-- It takes the lock of the phone system. Whoever calls it does so again and again, in transactions of their own. Events
-- that were forgotten come in anew when they are imported again.
create function queue_statistics.forget_step(of_source text, since timestamptz, until timestamptz, first tid, last tid,
                                             out events bigint, out offers bigint, out callers bigint)
  language plpgsql
  set plan_cache_mode = force_generic_plan set jit = off
  as $$
declare
  callids text[];
  gone    queue_statistics.phone_events[];
  rest    queue_statistics.phone_events[];
  answers queue_statistics.matched_answer[];
begin
  perform queue_statistics.lock_phone_systems(array[of_source]);
  callids := array(select distinct e.callid
                     from queue_statistics.phone_events e
                    where e.ctid >= first and e.ctid < last
                      and e.source = of_source and e."time" >= since and e."time" < until);
  with deleted as (
    delete from queue_statistics.phone_events e
     where e.callid = any (callids) and e.source = of_source and e."time" >= since and e."time" < until
    returning e
  )
  select array_agg(d.e), count(*) into gone, events from deleted d;
  offers := 0;
  callers := 0;
  if gone is null then
    return;
  end if;
  perform set_config('queue_statistics.folding', 'on', true);
  delete from queue_statistics.queue_destination_calls t
   using unnest(gone) g
   where t.queue = g.queue and t.id = g.call and t.uniqueid = g.callid and not g.offer_is_own;
  get diagnostics offers = row_count;
  delete from queue_statistics.queue_calls t
   using unnest(gone) g
   where t.queue = g.queue and t.id = g.caller and t.uniqueid = g.callid and not g.caller_is_own;
  get diagnostics callers = row_count;

  rest := array(select e
                  from unnest(callids) n
                 cross join lateral (
                   select o as e, o.source from queue_statistics.phone_events o where o.callid = n offset 0) e
                 where e.source = of_source);
  answers := array(select m from queue_statistics.match_answers(gone || rest) m
                   union all select m from queue_statistics.match_legs(gone) m);
  offers := offers - queue_statistics.make_offers('{}', answers);
  callers := callers - queue_statistics.make_callers(
    array(select m from queue_statistics.match_callers(gone || rest, answers) m where (m.event).queue is not null));
  perform set_config('queue_statistics.folding', '', true);
end
  $$;
