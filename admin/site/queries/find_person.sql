-- A person by the exact username.
-- $1 text
-- id bigint, active boolean
select id, active from queue_statistics.people where username = $1
