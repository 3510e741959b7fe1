-- Only one follower at a time reads the log of a phone system. The lock ends with the session. So after a follower was
-- killed, the next one goes on only when the last statement of the killed one has ended, whichever way.
--
-- $1 text  source: the phone system's name
--
-- One row:
--   locked  boolean
select pg_try_advisory_lock(hashtext('queue_statistics.follow'), hashtext($1))
