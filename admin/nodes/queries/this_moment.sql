-- What time it is on this server.
--
-- One row:
--   now  text
select now()
