-- id, parent, name, deleted
select id, parent, name, deleted::text from queue_statistics.customers order by id
