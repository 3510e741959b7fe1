-- Says which queue a queue name means. resolve_step() makes calls of the events that waited.
--
-- $1 text    name
-- $2 bigint  queue; null: the name is nobody's
--
-- Served by map_queues_pkey.
insert into queue_statistics.map_queues as m (name, queue) values ($1, $2::bigint)
    on conflict (name) do update set queue = excluded.queue
