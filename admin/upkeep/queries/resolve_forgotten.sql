-- Makes calls of the events that wait although the name of their queue has a queue by now.
--
-- Served by phone_events_waiting.
select queue_statistics.resolve_forgotten()
