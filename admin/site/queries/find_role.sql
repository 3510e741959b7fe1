-- A role by its exact name.
--
-- $1 text  name
--
-- No row when the role does not exist. Otherwise one row:
--   id  bigint
--
-- Served by roles_name_key.
select id from queue_statistics.roles where name = $1
