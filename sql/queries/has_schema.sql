-- Whether any migration was applied.
--
-- One row:
--   has_schema  boolean
select to_regclass('queue_statistics.schema_version') is not null as has_schema
