-- id, username, customer, role, source: networks between commas, empty for any address; active
select p.id, p.username, p.customer, r.name, array_to_string(p.source, ','), p.active::text
  from queue_statistics.people p
  join queue_statistics.roles r on r.id = p.role
 order by p.id
