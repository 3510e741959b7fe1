-- The database roles of phone systems that move.
--
-- $1 text[]  the phone systems
--
-- One row per role:
--   role      text
--   source    text
--   customer  bigint
--   timezone  text
select a.rolname, r.source, r.customer, r.timezone
  from queue_statistics.phone_system_roles r
  join pg_roles a on a.oid = r.role
 where r.source = any ($1::text[])
    or r.source is null and $1::text[] && '{asterisk,freeswitch}'
 order by 1
