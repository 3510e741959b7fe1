-- Only one follower at a time reads a phone system's log. The lock ends with the session, so that after a killed follower
-- the next one goes on when the statement of the killed one has ended, whichever way.
-- $1 text  source
-- locked boolean
select pg_try_advisory_lock(hashtext('queue_statistics.follow'), hashtext($1))
