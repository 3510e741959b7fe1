-- The number of the newest migration: one row, version integer; null: there is none.
--
-- Served by schema_version_pkey.
select max(version) as version from queue_statistics.schema_version
