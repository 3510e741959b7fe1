-- The server's roles that may log in.
-- name text
select rolname from pg_roles where rolcanlogin order by rolname
