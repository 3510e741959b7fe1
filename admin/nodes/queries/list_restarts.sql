-- When phone systems last started.
--
-- $1 text[]  the phone systems
--
-- One row per phone system that has started:
--   source     text
--   restarted  text
--
-- Served by phone_systems_pkey.
select s.source, s.restarted
  from queue_statistics.phone_systems s where s.source = any ($1::text[]) and s.restarted is not null
