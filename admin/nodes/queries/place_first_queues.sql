-- Says that all queues are on a shard, unless any queue has its shard already: so the first shard gets the queues of a
-- site that has had one machine.
--
-- $1 integer  number of the shard
insert into queue_statistics.queue_shards (queue, shard)
select q.id, $1::integer
  from queue_statistics.queues q
 where not exists (select from queue_statistics.queue_shards)
