-- $1 text  name
-- $2 text  dtype
-- $3 text  dnumber
insert into queue_statistics.map_agents as m (name, dtype, dnumber) values ($1, $2, $3)
    on conflict (name) do update set dtype = excluded.dtype, dnumber = excluded.dnumber
