-- customers, deleted ones; queues, deleted ones; destinations, removed ones; people, disabled ones: all bigint
select c.all_rows, c.ended, q.all_rows, q.ended, d.all_rows, d.ended, p.all_rows, p.ended
  from (select count(*) as all_rows, count(*) filter (where deleted) as ended from queue_statistics.customers) c,
       (select count(*) as all_rows, count(*) filter (where deleted) as ended from queue_statistics.queues) q,
       (select count(*) as all_rows, count(removed) as ended from queue_statistics.queue_destinations) d,
       (select count(*) as all_rows, count(*) filter (where not active) as ended from queue_statistics.people) p
