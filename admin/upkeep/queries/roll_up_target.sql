-- The minute up to which a roll-up should sum: 15 minutes ago. Most calls have ended by then, so that their end, an
-- update, does not make a minute dirty again.
--
-- One row:
--   minute  bigint  since 1970
select floor(extract(epoch from clock_timestamp()) / 60)::bigint - 15
