-- Says which destination an agent's name means. resolve_step() moves the agent's offers.
--
-- $1 text  name
-- $2 text  dtype
-- $3 text  dnumber
--
-- Served by map_agents_pkey.
insert into queue_statistics.map_agents as m (name, dtype, dnumber) values ($1, $2, $3)
    on conflict (name) do update set dtype = excluded.dtype, dnumber = excluded.dnumber
