-- $1 text    name
-- $2 bigint  queue
insert into queue_statistics.map_queues as m (name, queue) values ($1, $2::bigint)
    on conflict (name) do update set queue = excluded.queue
