-- Makes a database the shard that the table shard says it is, or keeps it one after a migration. Runs as the owner of
-- the schema, any number of times.

-- Its own range of ids for destinations and calls (17_nodes.sql). A sequence that is within the range goes on.
do $$
declare
  change text;
begin
  for change in
    select format('alter sequence %1$s minvalue %2$s maxvalue %3$s start %2$s %4$s', s.name, r.low, r.high,
                  case when coalesce(p.last_value, p.start_value) not between r.low and r.high then 'restart' end)
      from (select h.number * 1000000000000 + 1 as low, h.number * 1000000000000 + 999999999999 as high
              from queue_statistics.shard h) r
     cross join (values ('queue_destinations'), ('queue_destination_calls'), ('queue_calls')) t (name)
     cross join lateral (select pg_get_serial_sequence('queue_statistics.' || t.name, 'id') as name) s
      join pg_sequences p on s.name = format('%I.%I', p.schemaname, p.sequencename)
     where p.min_value <> r.low or p.max_value <> r.high
  loop
    execute change;
  end loop;
end
  $$;

-- Only queues of this shard take events: those of a queue that has moved, or is being handed over, wait, and `status`
-- lists them.
create or replace view queue_statistics.current_queues as
  select q.id, q.customer, q.name
    from queue_statistics.queues q
    join queue_statistics.customers c on c.id = q.customer
   where not q.deleted and not c.deleted
     and (c.parent is null or not queue_statistics.is_deleted(c.parent))
     and exists (select
                   from queue_statistics.queue_shards s
                   join queue_statistics.shard h on h.number = s.shard
                  where s.queue = q.id)
     and not exists (select from queue_statistics.leaving_queues l where l.queue = q.id);

-- What comes by replication changes what names mean, too.
alter table queue_statistics.queues enable always trigger note_names;
alter table queue_statistics.customers enable always trigger note_names;
create or replace function queue_statistics.note_shard()
  returns trigger language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  insert into queue_statistics.changed_names (kind, name)
  select 'queue', n.name
    from (select q.name from queue_statistics.queues q where q.id in (old.queue, new.queue)
           union
          select m.name from queue_statistics.map_queues m where m.queue in (old.queue, new.queue)) n;
  return null;
end
  $$;
revoke all on function queue_statistics.note_shard() from public;
create or replace trigger note_shard after insert or update or delete on queue_statistics.queue_shards
  for each row execute function queue_statistics.note_shard();
alter table queue_statistics.queue_shards enable always trigger note_shard;

-- Destinations and calls of its own queues alone: nobody would find others here. Events make none of others
-- (current_queues); while a queue's data are on two shards, an agent that means another destination now moves no offers
-- on the one that is not asked.
create or replace function queue_statistics.refuse_foreign_queue()
  returns trigger language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  its smallint := (select s.shard from queue_statistics.queue_shards s where s.queue = new.queue);
begin
  if its is distinct from (select h.number from queue_statistics.shard h) then
    if current_setting('queue_statistics.folding', true) = 'on' then
      return null;
    end if;
    raise 'queue % is on %', new.queue, coalesce('shard ' || its, 'no shard')
      using errcode = 'read_only_sql_transaction', hint = 'Run this on the queue''s shard (queue-statistics queue list).';
  elsif exists (select from queue_statistics.leaving_queues l where l.queue = new.queue) then
    raise 'queue % is being handed over to another shard', new.queue
      using errcode = 'read_only_sql_transaction', hint = 'Run this on that shard (docs/scaling.md).';
  end if;
  return new;
end
  $$;
revoke all on function queue_statistics.refuse_foreign_queue() from public;
create or replace trigger refuse_foreign_queue before insert on queue_statistics.queue_destinations
  for each row execute function queue_statistics.refuse_foreign_queue();
create or replace trigger refuse_foreign_queue before insert or update on queue_statistics.queue_destination_calls
  for each row when (current_setting('queue_statistics.folding', true) is distinct from 'on')
  execute function queue_statistics.refuse_foreign_queue();
create or replace trigger refuse_foreign_queue before insert or update on queue_statistics.queue_calls
  for each row when (current_setting('queue_statistics.folding', true) is distinct from 'on')
  execute function queue_statistics.refuse_foreign_queue();

-- The router's tables.
do $$
declare
  name text;
begin
  foreach name in array array['customers', 'queues', 'queue_shards', 'moved_destinations', 'roles', 'role_privileges',
                              'people', 'tokens'] loop
    execute format('create or replace trigger refuse_write before insert or update or delete on queue_statistics.%I '
                   'for each row execute function queue_statistics.refuse_write(''router'')', name);
    execute format('create or replace trigger refuse_truncate before truncate on queue_statistics.%I '
                   'execute function queue_statistics.refuse_write(''router'')', name);
  end loop;
end
  $$;
