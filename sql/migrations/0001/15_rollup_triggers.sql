-- What every writer of calls does for the roll-up. A file of its own because these triggers are the only part of the
-- roll-up that runs in the transactions of others.

-- Logs the minute of a written call as dirty: the old one, the new one, or both. The triggers below call the function
-- only for a call that may be summed already. It inserts rows only, into a table without keys: so it never waits, and
-- never makes a writer fail. A minute that is logged without need does no harm.
create function queue_statistics.log_dirty_minute()
  returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  if tg_op <> 'INSERT' then
    insert into queue_statistics.rollup_dirty values (old.queue, queue_statistics.rollup_minute(old.start));
  end if;
  if tg_op <> 'DELETE' then
    insert into queue_statistics.rollup_dirty values (new.queue, queue_statistics.rollup_minute(new.start));
  end if;
  return null;
end
  $$;

-- The same for a written caller.
create function queue_statistics.log_dirty_caller()
  returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  if tg_op <> 'INSERT' then
    insert into queue_statistics.rollup_dirty values (old.queue, queue_statistics.rollup_minute(old.entered));
  end if;
  if tg_op <> 'DELETE' then
    insert into queue_statistics.rollup_dirty values (new.queue, queue_statistics.rollup_minute(new.entered));
  end if;
  return null;
end
  $$;

-- Empties the sums of offers together with the offers, and no others: a watermark stays true when no calls are left
-- before it. It truncates instead of deleting, because a snapshot older than the TRUNCATE sees no calls any more: it
-- must see no sums either. The writer holds the lock on the calls by then; this adds the lock on the sums, in the order
-- in which readers lock.
create function queue_statistics.truncate_sums()
  returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  truncate queue_statistics.rollup_sums;
  return null;
end
  $$;

-- The same for the callers.
create function queue_statistics.truncate_caller_sums()
  returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  truncate queue_statistics.rollup_caller_sums;
  return null;
end
  $$;

-- Whether an offer that starts, or a caller who enters, at that moment may be summed already; true where the seal has
-- no value. In plpgsql, because the condition of a trigger is read and planned anew for each statement, which costs
-- more than this call. The function runs with the writer's role and search_path, so each name says its schema: a site's
-- own to_timestamp(bigint) in front of PostgreSQL's would hide late calls.
create function queue_statistics.may_be_summed(at timestamptz)
  returns boolean
  language plpgsql
  as $$
begin
  return (at operator(pg_catalog.<) pg_catalog.to_timestamp((60 operator(pg_catalog.*)
            pg_catalog.pg_sequence_last_value('queue_statistics.rollup_seal'))::pg_catalog.float8)) is not false;
end
  $$;

-- The condition is evaluated for each row right after the row was written. In the usual case, a call after the seal,
-- nothing else of ours runs. The triggers are always on: they fire for replicated rows too (session_replication_role,
-- subscriptions).
create trigger log_insert after insert on queue_statistics.queue_destination_calls
  for each row when (queue_statistics.may_be_summed(new.start))
  execute function queue_statistics.log_dirty_minute();
create trigger log_update after update on queue_statistics.queue_destination_calls
  for each row when (queue_statistics.may_be_summed(least(old.start, new.start)))
  execute function queue_statistics.log_dirty_minute();
create trigger log_delete after delete on queue_statistics.queue_destination_calls
  for each row when (queue_statistics.may_be_summed(old.start))
  execute function queue_statistics.log_dirty_minute();
create trigger truncate_sums after truncate on queue_statistics.queue_destination_calls
  execute function queue_statistics.truncate_sums();
alter table queue_statistics.queue_destination_calls enable always trigger log_insert;
alter table queue_statistics.queue_destination_calls enable always trigger log_update;
alter table queue_statistics.queue_destination_calls enable always trigger log_delete;
alter table queue_statistics.queue_destination_calls enable always trigger truncate_sums;

create trigger log_insert after insert on queue_statistics.queue_calls
  for each row when (queue_statistics.may_be_summed(new.entered))
  execute function queue_statistics.log_dirty_caller();
create trigger log_update after update on queue_statistics.queue_calls
  for each row when (queue_statistics.may_be_summed(least(old.entered, new.entered)))
  execute function queue_statistics.log_dirty_caller();
create trigger log_delete after delete on queue_statistics.queue_calls
  for each row when (queue_statistics.may_be_summed(old.entered))
  execute function queue_statistics.log_dirty_caller();
create trigger truncate_sums after truncate on queue_statistics.queue_calls
  execute function queue_statistics.truncate_caller_sums();
alter table queue_statistics.queue_calls enable always trigger log_insert;
alter table queue_statistics.queue_calls enable always trigger log_update;
alter table queue_statistics.queue_calls enable always trigger log_delete;
alter table queue_statistics.queue_calls enable always trigger truncate_sums;
