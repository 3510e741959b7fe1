-- How many customers, queues, destinations and people there are.
--
-- One row:
--   customers             bigint
--   deleted customers     bigint  marked deleted themselves
--   queues                bigint
--   deleted queues        bigint
--   destinations          bigint
--   removed destinations  bigint
--   people                bigint
--   disabled people       bigint
select c.all_rows, c.ended, q.all_rows, q.ended, d.all_rows, d.ended, p.all_rows, p.ended
  from (select count(*) as all_rows, count(*) filter (where deleted) as ended from queue_statistics.customers) c,
       (select count(*) as all_rows, count(*) filter (where deleted) as ended from queue_statistics.queues) q,
       (select count(*) as all_rows, count(removed) as ended from queue_statistics.queue_destinations) d,
       (select count(*) as all_rows, count(*) filter (where not active) as ended from queue_statistics.people) p
