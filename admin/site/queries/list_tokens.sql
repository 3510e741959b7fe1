-- All tokens that token add made, also those that have ended, by id. Never a token itself.
--
-- One row per token:
--   id, person     bigint
--   username       text    null when the person does not exist any more
--   made, expires  text    such as 2026-11-29T12:00:00Z
--   revoked        text    true or false
select t.id, t.person, queue_statistics.username_of(t.person),
       to_char(t.made at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
       to_char(t.expires at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), t.revoked::text
  from queue_statistics.tokens t
 order by t.id
