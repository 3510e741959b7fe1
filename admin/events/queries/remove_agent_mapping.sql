-- $1 text  name
delete from queue_statistics.map_agents where name = $1
