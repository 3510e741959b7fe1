-- What `shard init` needs to know of the database that becomes a shard.
--
-- $1 integer  number of the shard
--
-- One row:
--   is_shard       boolean  it is one already
--   has_site       boolean  it has customers or queues
--   foreign_id     bigint   a destination whose id is another shard's; null: none
--   is_subscribed  boolean  the subscription exists
--   owner          text     of the schema, quoted as an identifier where it must be
--
-- Served by queue_destinations_id_key.
select exists (select from queue_statistics.shard) as is_shard,
       exists (select from queue_statistics.customers) or exists (select from queue_statistics.queues) as has_site,
       (select min(o.id)
          from (select (select max(d.id) from queue_statistics.queue_destinations d) as id
                 union all
                select (select min(d.id) from queue_statistics.queue_destinations d)) o
         where o.id / 1000000000000 <> $1::bigint) as foreign_id,
       exists (select from pg_subscription u
                where u.subname = 'queue_statistics_shard_' || $1::integer
                  and u.subdbid = (select oid from pg_database where datname = current_database())) as is_subscribed,
       (select n.nspowner::regrole::text from pg_namespace n where n.nspname = 'queue_statistics') as owner
