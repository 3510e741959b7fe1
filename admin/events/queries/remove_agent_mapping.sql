-- An agent's name means again what agent_destination() reads in it. resolve_step() moves the agent's offers.
--
-- $1 text  name
--
-- Served by map_agents_pkey.
delete from queue_statistics.map_agents where name = $1
