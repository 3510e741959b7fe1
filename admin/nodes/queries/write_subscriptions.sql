-- The statements by which a shard follows the router. None can run in a transaction.
--
-- $1 integer  number of the shard
-- $2 text     how it reaches the router, a connection string
-- $3 boolean  it has the router's customers and queues already
--
-- One row per statement, in order:
--   statement  text
select format('create subscription %I connection %L publication queue_statistics_site%s;',
              'queue_statistics_shard_' || $1::integer, $2::text,
              case when $3::boolean then ' with (copy_data = false)' else ', queue_statistics_directory' end)
union all
select format('alter subscription %I add publication queue_statistics_directory;', 'queue_statistics_shard_' || $1)
 where $3
