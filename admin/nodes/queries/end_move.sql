-- Ends a move: this shard has nothing of the queues any more.
with names as (
  delete from queue_statistics.map_queues n using queue_statistics.moves m where n.queue = any (m.queues)
)
delete from queue_statistics.moves
