-- The server's roles that may log in.
--
-- One row per role:
--   name  text
select rolname from pg_roles where rolcanlogin order by rolname
