-- The number of the newest migration.
--
-- One row:
--   version  integer  null when no migration was applied
--
-- Served by schema_version_pkey.
select max(version) as version from queue_statistics.schema_version
