-- The newest migration.
--
-- No row when no migration was applied. Otherwise one row:
--   version     integer
--   works_with  integer  schema number of the oldest program that still works with this schema
--
-- Served by schema_version_pkey.
select version, works_with from queue_statistics.schema_version order by version desc limit 1
