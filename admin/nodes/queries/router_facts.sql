-- What `shard init` needs to know of the router, by the role that the subscription will log in as.
--
-- $1 integer  number of the shard
--
-- One row:
--   has_address    boolean  `shard add` gave the shard an address
--   may_replicate  boolean  the role has the attribute REPLICATION
--   may_read       boolean  ... and may read what it will copy
select exists (select
                 from pg_foreign_server s
                cross join pg_options_to_table(s.srvoptions) o
                where s.srvname = 'queue_statistics' and o.option_name = 'p' || $1::integer) as has_address,
       r.rolreplication or r.rolsuper as may_replicate,
       has_schema_privilege('queue_statistics', 'usage')
       and has_table_privilege('queue_statistics.customers', 'select')
       and has_table_privilege('queue_statistics.queues', 'select')
       and has_table_privilege('queue_statistics.queue_shards', 'select') as may_read
  from pg_roles r
 where r.rolname = current_user
