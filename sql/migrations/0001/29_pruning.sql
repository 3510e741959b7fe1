-- Deleting old calls for good. A file of its own because `queue-statistics prune` alone uses these functions;
-- make_calls() reads the table.

-- One row, or none while nothing was ever pruned. `queue-statistics prune` deleted the calls that started before
-- `before`. No event inserts such a call again.
create table queue_statistics.pruned (
  one    boolean primary key default true check (one),
  before timestamptz not null
);

-- Keeps events from inserting calls that started before a moment. It takes the lock on names alone, and so waits for
-- the events that are being folded. The moment never moves back.
create function queue_statistics.begin_prune(before timestamptz)
  returns void language plpgsql
  as $$
begin
  perform queue_statistics.lock_names();
  insert into queue_statistics.pruned as p (before) values (begin_prune.before)
      on conflict (one) do update set before = greatest(p.before, excluded.before);
end
  $$;

-- Deletes a queue's oldest calls that started before a moment, `at_most` calls at most. Returns how many were deleted.
-- It deletes as any writer would: the triggers log dirty minutes, and only the deleted rows are locked.
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
