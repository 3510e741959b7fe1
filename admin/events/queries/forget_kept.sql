-- Deletes the events of a phone system that are kept to be folded later.
--
-- $1 text         source
-- $2 timestamptz  events dated from this moment on
-- $3 timestamptz  and before this one
delete from queue_statistics.kept_events
 where (event).source = $1 and (event).time >= $2::timestamptz and (event).time < $3::timestamptz
