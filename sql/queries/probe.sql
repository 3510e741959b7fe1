-- Whether the schema can be used: its number, and that this role may call credentials() and may_see_queue().
--
-- One row:
--   version, works_with  as in credentials.sql
--   may_see_queue        boolean; PostgreSQL would not call the function if its result were not a column
--
-- Served by schema_version_pkey and people_username_key.
select s.version, s.works_with, allowed.may_see_queue
  from (select queue_statistics.may_see_queue(0, 0)) allowed
  left join queue_statistics.credentials('') nobody on true
  left join (select v.version, v.works_with
               from queue_statistics.schema_version v
              order by v.version desc
              limit 1) s on true
