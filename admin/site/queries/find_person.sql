-- A person by the exact username.
--
-- $1 text  username
--
-- No row when the person does not exist. Otherwise one row:
--   id      bigint
--   active  boolean
--
-- Served by people_username_key.
select id, active from queue_statistics.people where username = $1
