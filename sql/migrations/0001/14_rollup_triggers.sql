-- What every writer of calls does for the roll-up.

-- For calls that may be summed already (the triggers ask). It only inserts, so it never waits, and nothing here can
-- fail a writer. Too much logged is harmless.
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

-- Not a delete: a snapshot older than TRUNCATE sees no calls any more, so it must see no sums either.
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

-- The condition is evaluated for each row right after it was written, without calling a function in the usual case.
-- Should the seal not be known, it logs. Always: also for replicated rows (session_replication_role, subscriptions).
create trigger log_insert after insert on queue_statistics.queue_destination_calls
  for each row
  when ((new.start < to_timestamp(60 * pg_sequence_last_value('queue_statistics.rollup_seal'))) is not false)
  execute function queue_statistics.log_dirty_minute();
create trigger log_update after update on queue_statistics.queue_destination_calls
  for each row
  when ((least(old.start, new.start) < to_timestamp(60 * pg_sequence_last_value('queue_statistics.rollup_seal')))
        is not false)
  execute function queue_statistics.log_dirty_minute();
create trigger log_delete after delete on queue_statistics.queue_destination_calls
  for each row
  when ((old.start < to_timestamp(60 * pg_sequence_last_value('queue_statistics.rollup_seal'))) is not false)
  execute function queue_statistics.log_dirty_minute();
create trigger truncate_sums after truncate on queue_statistics.queue_destination_calls
  execute function queue_statistics.truncate_sums();
alter table queue_statistics.queue_destination_calls enable always trigger log_insert;
alter table queue_statistics.queue_destination_calls enable always trigger log_update;
alter table queue_statistics.queue_destination_calls enable always trigger log_delete;
alter table queue_statistics.queue_destination_calls enable always trigger truncate_sums;
