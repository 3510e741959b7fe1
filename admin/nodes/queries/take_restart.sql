-- Lets a phone system have started.
--
-- $1 text  source
-- $2 text  when
--
-- Served by phone_systems_pkey, and the indexes of calls in progress.
select queue_statistics.restart($1, $2::timestamptz)
