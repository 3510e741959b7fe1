-- The demonstration goes on: callers of now, until psql is ended. Every 3 seconds some enter, some of the waiting are
-- answered or hang up, and some of the talking hang up. Calls that somebody else brings in are left alone: ours are
-- demo-NUMBER (calls.sql) and demo-QUEUE-TIME.
create function pg_temp.is_ours(uniqueid text) returns boolean language sql immutable
  return uniqueid ~ '^demo-[0-9]+(-[0-9]+[.][0-9]+)?$';

create function pg_temp.step() returns void language plpgsql as $$
declare
  caller record;
  chosen bigint;
begin
  update queue_statistics.queue_calls
     set talktime = waited, in_progress = false
    from (select queue as of_queue, id as of_id,
                 greatest(floor(extract(epoch from now() - entered))::integer - waittime, 0) as waited
            from queue_statistics.queue_calls
           where in_progress and pg_temp.is_ours(uniqueid) and random() < 0.03) ended
   where queue = of_queue and id = of_id;
  update queue_statistics.queue_destination_calls as offer
     set talktime = ended.talktime, in_progress = false
    from queue_statistics.queue_calls as ended
   where offer.in_progress and pg_temp.is_ours(offer.uniqueid) and ended.queue = offer.queue
     and ended.uniqueid = offer.uniqueid and ended.talktime is not null;

  for caller in
    select queue, id, uniqueid, extract(epoch from now() - entered)::integer as waited, random() < 0.8 as answered
      from queue_statistics.queue_calls
     where outcome = 'waiting' and pg_temp.is_ours(uniqueid) and random() < 0.12
       and entered > now() - interval '1 hour' and entered < now() - interval '4 s'
  loop
    update queue_statistics.queue_calls
       set waittime = caller.waited, in_progress = caller.answered,
           outcome = case when caller.answered then 'answered' else 'abandoned' end::queue_statistics.caller_outcome
     where queue = caller.queue and id = caller.id;
    select id into chosen
      from queue_statistics.queue_destinations
     where queue = caller.queue and removed is null order by random() limit 1;
    insert into queue_statistics.queue_destination_calls
      (queue, destination, uniqueid, start, ringtime, holdtime, outcome, in_progress)
    values (caller.queue, chosen, caller.uniqueid, now() - interval '4 s', 4,
            case when caller.answered then caller.waited end,
            case when caller.answered then 'answered' else 'cancelled' end::queue_statistics.call_outcome,
            caller.answered);
  end loop;

  insert into queue_statistics.queue_calls (queue, uniqueid, entered, outcome)
  select id, 'demo-' || id || '-' || extract(epoch from now()), now(), 'waiting'
    from queue_statistics.queues
   where random() < 0.25;
end
$$;
select pg_temp.step() \watch 3
