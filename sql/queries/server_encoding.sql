-- The encoding of the database: one row, encoding text.
select current_setting('server_encoding') as encoding
