-- All roles, by id.
--
-- One row per role:
--   name  text
select name from queue_statistics.roles order by id
