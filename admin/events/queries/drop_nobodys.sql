-- Drops up to a thousand of the events that wait for a name that is nobody's.
--
-- $1 text  name
--
-- One row:
--   dropped  bigint
--
-- Served by phone_events_waiting.
select queue_statistics.drop_nobodys($1)
