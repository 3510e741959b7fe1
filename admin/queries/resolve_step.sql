-- One step of what changed names of queues and agents ask for (resolve_step() in sql/migrations).
--
-- One row:
--   state  text  more, waiting or done
--
-- Served by changed_names_pkey, phone_events_waiting and phone_events_agent.
select queue_statistics.resolve_step(200)
