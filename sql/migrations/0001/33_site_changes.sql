-- What a site changes stays as the site left it: the events of a call leave it alone from then on. A file of its own
-- because these triggers run in the transactions of sites that change calls by SQL.

-- Notes a change or deletion of a call at its event. The triggers call the function for those that are made neither by
-- events nor by pruning: these two say so by the setting queue_statistics.folding of their transaction. A site's bulk
-- changes cost a look-up for each call.
create function queue_statistics.note_own()
  returns trigger language plpgsql security definer
  set search_path = pg_catalog, pg_temp set enable_seqscan = off
  as $$
begin
  if tg_table_name = 'queue_calls' then
    update queue_statistics.phone_events e set caller_is_own = true
     where e.callid = old.uniqueid and e.queue = old.queue and e.caller = old.id and not e.caller_is_own;
  else
    update queue_statistics.phone_events e set offer_is_own = true
     where e.callid = old.uniqueid and e.queue = old.queue and e.call = old.id and not e.offer_is_own;
  end if;
  return null;
end
  $$;

-- The same after TRUNCATE, which deletes all calls of a table.
create function queue_statistics.note_all_own()
  returns trigger language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  if tg_table_name = 'queue_calls' then
    update queue_statistics.phone_events set caller_is_own = true where not caller_is_own;
  else
    update queue_statistics.phone_events set offer_is_own = true where not offer_is_own;
  end if;
  return null;
end
  $$;

create trigger note_own after update or delete on queue_statistics.queue_destination_calls
  for each row when (current_setting('queue_statistics.folding', true) is distinct from 'on')
  execute function queue_statistics.note_own();
create trigger note_own after update or delete on queue_statistics.queue_calls
  for each row when (current_setting('queue_statistics.folding', true) is distinct from 'on')
  execute function queue_statistics.note_own();
create trigger note_all_own after truncate on queue_statistics.queue_destination_calls
  execute function queue_statistics.note_all_own();
create trigger note_all_own after truncate on queue_statistics.queue_calls
  execute function queue_statistics.note_all_own();
