-- Begins a move of queues from this shard.
--
-- $1 text[]    the phone systems
-- $2 smallint  where the queues go
-- $3 bigint[]  the queues
insert into queue_statistics.moves (sources, shard, queues, staying, step)
select $1::text[], $2::smallint, $3::bigint[],
       array(select s.queue from queue_statistics.queue_shards s
              where s.shard = (select h.number from queue_statistics.shard h) and s.queue <> all ($3::bigint[])),
       'copy'
