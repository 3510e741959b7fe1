-- Says which shard this database is.
--
-- $1 integer  its number
insert into queue_statistics.shard (number) values ($1::integer) on conflict (one) do nothing
