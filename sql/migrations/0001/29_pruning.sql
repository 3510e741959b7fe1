-- Deleting what is old, for good.

-- Calls that started before were deleted by `queue-statistics prune`, for good; no row: none were.
create table queue_statistics.pruned (
  one    boolean primary key default true check (one),
  before timestamptz not null
);

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

-- Deletes a queue's oldest calls that started before a time, at most so many, as any writer would. Returns how many.
create function queue_statistics.prune_step(of_queue bigint, before timestamptz, at_most integer)
  returns bigint
  language sql
  set jit = off
  as $$
  with gone as (
    delete from queue_statistics.queue_destination_calls
     where ctid = any (array(select c.ctid
                               from queue_statistics.queue_destination_calls c
                              where c.queue = of_queue and c.start < before
                              order by c.start limit at_most))
    returning queue
  )
  select count(*) from gone
  $$;
