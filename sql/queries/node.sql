-- What this database is past one machine (sql/node.hpp).
--
-- One row:
--   shard      smallint  the number of the shard that it is; null: it is none
--   is_router  boolean
--
-- Served by pg_foreign_server_name_index.
select (select number from queue_statistics.shard) as shard,
       exists (select
                 from pg_foreign_server s
                 join pg_foreign_data_wrapper w on w.oid = s.srvfdw
                where s.srvname = 'queue_statistics' and w.fdwname = 'plproxy') as is_router
