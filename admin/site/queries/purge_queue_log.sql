-- Deletes the rows of a deleted customer's queues among the next 10,000 of queue_log: rows of a name that only these
-- queues have, unless an event of the same call waits for a queue of another customer, and rows of a name that others
-- have too when an event of the same call is one of theirs.
--
-- $1 bigint  customer
-- $2 bigint  id of the last row that was looked at; 0 at first
--
-- One row:
--   last     bigint  id of the last row that was looked at; null: there are no more
--   deleted  bigint  how many were deleted
--
-- Served by queue_log_pkey and phone_events_pkey.
with tree as materialized (
  select id from queue_statistics.customer_tree($1::bigint)
), own as materialized (
  select q.id from queue_statistics.queues q where q.customer in (select id from tree)
), names as materialized (
  select name, shared from queue_statistics.purged_names($1::bigint)
), next as materialized (
  select id, queuename, callid
    from queue_statistics.queue_log where id > $2::bigint order by id limit 10000
), gone as (
  delete from queue_statistics.queue_log
   where id in (select n.id from next n join names on names.name = n.queuename
                 where not names.shared
                       and not exists (select from queue_statistics.phone_events e
                                        where e.callid = n.callid and e.queue is null
                                          and e.customer not in (select id from tree))
                    or exists (select from queue_statistics.phone_events e
                                where e.callid = n.callid and e.queue in (select own.id from own)))
  returning id
)
select max(id), (select count(*) from gone) from next
