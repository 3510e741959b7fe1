-- Deleting old calls for good. A file of its own because `queue-statistics prune` alone uses these functions;
-- make_calls() reads the table.

-- One row, or none while nothing was ever pruned. `queue-statistics prune` deleted the calls that started before
-- `before`. No event inserts such a call again.
create table queue_statistics.pruned (
  one    boolean primary key default true check (one),
  before timestamptz not null
);

-- Keeps events from inserting calls that started before a moment. Events that are being folded may not see it yet.
-- So whoever calls the function commits, and then waits for the lock of each phone system. The moment never moves back.
create function queue_statistics.begin_prune(before timestamptz)
  returns void language sql
  as $$
  insert into queue_statistics.pruned as p (before) values (begin_prune.before)
      on conflict (one) do update set before = greatest(p.before, excluded.before)
  $$;

-- Deletes a queue's oldest offers that started and its oldest callers who entered before a moment, `at_most` of each at
-- most, and makes the sums of the buckets that held them anew. Returns how many of each were deleted. Whoever calls the
-- function opens the transaction and takes the locks as for roll_up_step(). A writer that changed one of these calls
-- meanwhile makes the function fail with SQLSTATE 40001; then it is called again. Only the deleted rows are locked.
--
-- No minute of a deleted call stays dirty: the step also deletes the dirty rows that it sees of these minutes. The
-- triggers have logged some of these rows for the step's own deletions. The sums are exact for the reason that
-- roll_up_step() gives. The step counts the calls that its snapshot sees, without those that it deletes, and the sums
-- become visible together with the deletions. A writer whom the snapshot does not see either logged rows that the step
-- does not see, so these rows stay; or that writer wrote after the watermark, where there are no sums.
create function queue_statistics.prune_step(
    of_queue bigint, before timestamptz, at_most integer, out offers bigint, out callers bigint)
  language plpgsql
  set jit = off
  as $$
declare
  m       queue_statistics.rollup_watermarks;
  minutes integer[];
begin
  with gone_offers as (
    delete from queue_statistics.queue_destination_calls
     where queue = of_queue  -- in a partitioned table a ctid alone names a row of each partition
       and ctid = any (array(select c.ctid
                               from queue_statistics.queue_destination_calls c
                              where c.queue = of_queue and c.start < before
                              order by c.start limit at_most))
    returning queue_statistics.rollup_minute(start)::integer as minute
  ),
  gone_callers as (
    delete from queue_statistics.queue_calls
     where queue = of_queue  -- in a partitioned table a ctid alone names a row of each partition
       and ctid = any (array(select c.ctid
                               from queue_statistics.queue_calls c
                              where c.queue = of_queue and c.entered < before
                              order by c.entered limit at_most))
    returning queue_statistics.rollup_minute(entered)::integer as minute
  )
  select (select count(*) from gone_offers), (select count(*) from gone_callers),
         array(select minute from gone_offers union select minute from gone_callers)
    into offers, callers, minutes;
  select * into m from queue_statistics.rollup_watermarks r where r.queue = of_queue;
  if found and minutes <> '{}' then
    perform queue_statistics.rollup_compute(of_queue, m.width, null, minutes, m.watermark);
    perform queue_statistics.rollup_compute(of_queue, m.next_width, m.width, minutes, m.next_watermark)
      where m.next_width is not null;
  end if;
  delete from queue_statistics.rollup_dirty d where d.queue = of_queue and d.minute = any (minutes);
end
  $$;
