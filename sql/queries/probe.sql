-- Whether the schema can be used: which one it is, and that both functions of the log-in may be called.
--
-- One row: version, works_with (integer; null: no migration), as in credentials.sql; may_see_queue, which would not be
-- called if nobody asked for it.
--
-- Served by schema_version_pkey and people_username_key.
select s.version, s.works_with, allowed.may_see_queue
  from (select queue_statistics.may_see_queue(0, 0)) allowed
  left join queue_statistics.credentials('') nobody on true
  left join (select v.version, v.works_with
               from queue_statistics.schema_version v
              order by v.version desc
              limit 1) s on true
