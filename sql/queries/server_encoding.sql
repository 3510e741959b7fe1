-- The encoding of the database.
--
-- One row:
--   encoding  text  such as UTF8
select current_setting('server_encoding') as encoding
