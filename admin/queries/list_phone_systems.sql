-- The phone systems that have sent events.
--
--   source  text
select source from queue_statistics.phone_systems order by source
