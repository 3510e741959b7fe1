-- Faults that tests/rollup/stress must find: psql -v mutant=no-fence, snapshot-seal, or callers-snapshot-seal.
\set ON_ERROR_STOP 1
select :'mutant' = 'no-fence' as no_fence, count(*) = 1 as snapshot_seal,
       max(calls) as calls, max(moment) as moment, max(log) as log
  from (values ('snapshot-seal', 'queue_destination_calls', 'start', 'log_dirty_minute'),
               ('callers-snapshot-seal', 'queue_calls', 'entered', 'log_dirty_caller'))
       seal (mutant, calls, moment, log)
 where mutant = :'mutant' \gset
\if :no_fence
-- The watermark moves as soon as the seal has moved, without waiting for writers that may have read the old seal.
do $do$
declare
  definition text := pg_get_functiondef('queue_statistics.roll_up_step(integer, integer)'::regprocedure);
  mutant text := replace(definition, 's.fence <= pg_snapshot_xmin(pg_current_snapshot())', 'true');
begin
  if mutant = definition then raise 'the fence is not where it was'; end if;
  execute mutant;
end
$do$;
\elif :snapshot_seal
-- Writers of offers, or of callers, read the seal that their snapshot has. Above READ COMMITTED it may be an old one.
create table stress.seal as select last_value as minute from queue_statistics.rollup_seal;
grant select on stress.seal to public;
create function stress.copy_seal() returns trigger language plpgsql as $$
begin
  update stress.seal set minute = (select last_value from queue_statistics.rollup_seal);
  return null;
end $$;
create trigger copy_seal after update on queue_statistics.rollup_state execute function stress.copy_seal();
create function stress.seal() returns timestamptz language sql stable as $$
  select to_timestamp(60 * minute) from stress.seal $$;
create or replace trigger log_insert after insert on queue_statistics.:calls
  for each row when (new.:moment < stress.seal()) execute function queue_statistics.:log();
create or replace trigger log_update after update on queue_statistics.:calls
  for each row when (least(old.:moment, new.:moment) < stress.seal()) execute function queue_statistics.:log();
create or replace trigger log_delete after delete on queue_statistics.:calls
  for each row when (old.:moment < stress.seal()) execute function queue_statistics.:log();
\else
\echo no such mutant
\quit 2
\endif
