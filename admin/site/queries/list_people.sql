-- All people, disabled ones too, by id. Never a hash.
--
-- One row per person:
--   id        bigint
--   username  text
--   customer  bigint
--   role      text    its name
--   source    text    networks between commas; empty: any address
--   active    text    true or false
select p.id, p.username, p.customer, r.name, array_to_string(p.source, ','), p.active::text
  from queue_statistics.people p
  join queue_statistics.roles r on r.id = p.role
 order by p.id
