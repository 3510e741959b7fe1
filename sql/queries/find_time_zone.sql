-- A time zone of the server's. Left out are names that are abbreviations too, such as CET: PostgreSQL takes them for an
-- offset that no summer changes.
--
-- $1 text  name, in any letter case
--
-- No row when there is no such zone. Otherwise one row:
--   name  text  as the server writes it
select z.name
  from pg_timezone_names z
 where lower(z.name) = lower($1)
   and (z.name in ('UTC', 'GMT') or upper(z.name) not in (select a.abbrev from pg_timezone_abbrevs a))
