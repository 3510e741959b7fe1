-- The agents that map_agents names, as an array.
--
-- One row:
--   names  text[]
select array(select m.name from queue_statistics.map_agents m)
