-- Deleting for good: old calls, and a customer with all that is below it. A file of its own because `queue-statistics
-- prune` and `queue-statistics customer purge` alone use these functions; may_be_made_since() and
-- may_be_folded_since() (25) read the table.

-- One row, or none while nothing was ever pruned.
--   before         calls that started before this moment were deleted. No event inserts such a call again
--   events_before  events from before this moment were deleted; those of the last day before it stay, because a caller
--                  who entered before the moment still meets late events. No event dated before it is folded any more
create table queue_statistics.pruned (
  one           boolean primary key default true check (one),
  before        timestamptz not null default '-infinity',
  events_before timestamptz not null default '-infinity'
);

-- Keeps events from inserting calls that started before a moment, and keeps events dated before another moment from
-- being folded; null: no such moment. Events that are being folded may not see it yet. So whoever calls the function
-- commits, and then waits for the lock of each phone system. The moments never move back.
create function queue_statistics.begin_prune(before timestamptz, events_before timestamptz)
  returns void language sql
  as $$
  insert into queue_statistics.pruned as p (before, events_before)
  values (coalesce(begin_prune.before, '-infinity'), coalesce(begin_prune.events_before, '-infinity'))
      on conflict (one) do update set before = greatest(p.before, excluded.before),
                                      events_before = greatest(p.events_before, excluded.events_before)
  $$;

-- Deletes a queue's oldest offers that started and its oldest callers who entered before a moment, `at_most` of each at
-- most, and makes the sums of the buckets that held them anew. Returns how many of each were deleted. Whoever calls the
-- function opens the transaction and takes the locks as for roll_up_step(). Only the deleted rows are locked. Calls that
-- a writer is changing are left for a later step: the function waits for no call, because the writer may wait for one
-- that the function has deleted. When nothing but such calls is left, or a writer changed one of the calls since the transaction's
-- snapshot, the function fails with SQLSTATE 40001; then it is called again.
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
  perform set_config('queue_statistics.folding', 'on', true);
  with gone_offers as (
    delete from queue_statistics.queue_destination_calls
     where queue = of_queue  -- in a partitioned table a ctid alone names a row of each partition
       and ctid = any (array(select c.ctid
                               from queue_statistics.queue_destination_calls c
                              where c.queue = of_queue and c.start < before
                              order by c.start limit at_most for update skip locked))
    returning queue_statistics.rollup_minute(start)::integer as minute
  ),
  gone_callers as (
    delete from queue_statistics.queue_calls
     where queue = of_queue  -- in a partitioned table a ctid alone names a row of each partition
       and ctid = any (array(select c.ctid
                               from queue_statistics.queue_calls c
                              where c.queue = of_queue and c.entered < before
                              order by c.entered limit at_most for update skip locked))
    returning queue_statistics.rollup_minute(entered)::integer as minute
  )
  select (select count(*) from gone_offers), (select count(*) from gone_callers),
         array(select minute from gone_offers union select minute from gone_callers)
    into offers, callers, minutes;
  if minutes = '{}' and
     (exists (select from queue_statistics.queue_destination_calls c where c.queue = of_queue and c.start < before) or
      exists (select from queue_statistics.queue_calls c where c.queue = of_queue and c.entered < before)) then
    raise 'a writer is changing calls of queue %', of_queue using errcode = 'serialization_failure';
  end if;
  select * into m from queue_statistics.rollup_watermarks r where r.queue = of_queue;
  if found and minutes <> '{}' then
    perform queue_statistics.rollup_compute(of_queue, m.width, null, minutes, m.watermark);
    perform queue_statistics.rollup_compute(of_queue, m.next_width, m.width, minutes, m.next_watermark)
      where m.next_width is not null;
  end if;
  delete from queue_statistics.rollup_dirty d where d.queue = of_queue and d.minute = any (minutes);
end
  $$;

-- A customer and all customers below it. `union` ends the walk at a cycle.
create function queue_statistics.customer_tree(customer bigint)
  returns table (id bigint) language sql stable
  as $$
  with recursive tree (id) as (
    select c.id from queue_statistics.customers c where c.id = customer_tree.customer
    union
    select c.id from tree t join queue_statistics.customers c on c.parent = t.id
  )
  select tree.id from tree
  $$;

-- The queue names by which phone systems mean queues of a customer or of customers below it. `shared`: a current queue
-- of somebody else has the name too, or the name is mapped to somebody else's queue; then the name alone does not tell
-- whose an event is.
create function queue_statistics.purged_names(customer bigint)
  returns table (name text, shared boolean) language sql stable
  as $$
  with own as materialized (
    select q.id, q.name from queue_statistics.queues q
     where q.customer in (select t.id from queue_statistics.customer_tree(purged_names.customer) t)
  )
  select n.name, exists (select from queue_statistics.current_queues q
                          where q.name = n.name and q.id not in (select own.id from own))
                 or exists (select from queue_statistics.map_queues m
                             where m.name = n.name and m.queue not in (select own.id from own))
    from (select own.name from own
          union
          select m.name from queue_statistics.map_queues m join own on own.id = m.queue) n
  $$;

-- Begins to purge a deleted customer, or goes on with it. Roles of phone systems that are bound to the customer, or to
-- one below, are bound no more, so that their INSERTs fail. Events that are being folded may still name the customer's
-- queues, so whoever calls the function then waits for the lock of each phone system. No later event does, because the
-- customer is deleted.
create function queue_statistics.begin_purge(customer bigint)
  returns void language plpgsql
  as $$
begin
  if not queue_statistics.is_deleted(customer) then
    raise 'customer % is not deleted', customer using errcode = '55000';
  end if;
  delete from queue_statistics.phone_system_roles r
   where r.customer in (select t.id from queue_statistics.customer_tree(begin_purge.customer) t);
end
  $$;

-- Deletes what is left of a queue without calls, up to `at_most` rows of each table: its sums, watermark, dirty minutes
-- and destinations. Returns true when there is more. Whoever calls the function opens the transaction and takes the
-- locks as for roll_up_step(): so no roll-up makes sums or a watermark of the queue meanwhile, and none is left behind.
-- A call that was written meanwhile makes it fail with SQLSTATE 23503.
create function queue_statistics.empty_queue_step(of_queue bigint, at_most integer)
  returns boolean language plpgsql
  set jit = off
  as $$
declare
  name text;
  n    bigint;
  more boolean := false;
begin
  foreach name in array array['rollup_sums', 'rollup_caller_sums', 'rollup_dirty', 'queue_destinations'] loop
    execute format('delete from queue_statistics.%1$I where ctid = any (array('
                   '  select t.ctid from queue_statistics.%1$I t where t.queue = $1 limit $2))', name)
      using of_queue, at_most;
    get diagnostics n = row_count;
    more := more or n = at_most;
  end loop;
  if not more then
    delete from queue_statistics.rollup_watermarks m where m.queue = of_queue;
  end if;
  return more;
end
  $$;

-- The same for a queue of a deleted customer, which is deleted itself at last.
create function queue_statistics.purge_queue_step(of_queue bigint, at_most integer)
  returns boolean language plpgsql
  as $$
declare
  more boolean;
begin
  if not exists (select from queue_statistics.queues q
                  where q.id = of_queue and queue_statistics.is_deleted(q.customer)) then
    raise 'the customer of queue % is not deleted', of_queue using errcode = '55000';
  end if;
  more := queue_statistics.empty_queue_step(of_queue, at_most);
  if not more then
    delete from queue_statistics.queues q where q.id = of_queue;
  end if;
  return more;
end
  $$;
