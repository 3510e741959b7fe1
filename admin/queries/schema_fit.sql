-- The newest migration.
-- version int, works_with int: the oldest program schema number that still works with it
select version, works_with from queue_statistics.schema_version order by version desc limit 1
