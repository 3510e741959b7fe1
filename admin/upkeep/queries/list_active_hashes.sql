-- The hash of everyone who is active.
--
-- One row per person:
--   username  text
--   password  text  crypt(3) string
select username, password from queue_statistics.people where active order by username
