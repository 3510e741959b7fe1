-- Makes a token of a person, and a row for list and revoke. The token itself is stored nowhere.
--
-- $1 text     username, exact
-- $2 integer  days that the token holds
--
-- No row when the person does not exist. Otherwise one row:
--   id       bigint   of the row
--   expires  text     when the token ends, such as 2026-11-29 12:00:00, UTC
--   active   boolean  the person may log in: it is active, and neither its customer nor one above it is deleted
--   token    text
--
-- Served by people_username_key.
with made as (
  insert into queue_statistics.tokens (person, expires)
  select c.person, date_trunc('second', now()) + make_interval(hours => 24 * $2::integer)
    from queue_statistics.credentials($1::text) c
  returning id, expires
)
select m.id, to_char(m.expires at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS') as expires, c.active,
       queue_statistics.make_token($1::text, extract(epoch from m.expires)::bigint, m.id) as token
  from made m
 cross join queue_statistics.credentials($1::text) c
