-- $1 text  name
delete from queue_statistics.map_queues where name = $1
