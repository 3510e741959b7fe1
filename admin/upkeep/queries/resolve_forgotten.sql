-- Brings in events that wait although their queue's name has a queue by now.
select queue_statistics.resolve_forgotten()
