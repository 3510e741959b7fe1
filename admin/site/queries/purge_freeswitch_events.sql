-- Deletes the rows of a deleted customer's queues among the next 5,000 of freeswitch_events: rows of a name that only
-- these queues have, unless an event of the same call waits for a queue of another customer, and rows of a name that
-- others have too when an event of the same call is one of theirs.
--
-- $1 bigint  customer
-- $2 bigint  id of the last row that was looked at; 0 at first
--
-- One row:
--   last     bigint  id of the last row that was looked at; null: there are no more
--   deleted  bigint  how many were deleted
--
-- Served by freeswitch_events_pkey and phone_events_pkey.
with tree as materialized (
  select id from queue_statistics.customer_tree($1::bigint)
), own as materialized (
  select q.id from queue_statistics.queues q where q.customer in (select id from tree)
), names as materialized (
  select name, shared from queue_statistics.purged_names($1::bigint)
), next as materialized (
  select id, queue_statistics.event_headers(event) as headers
    from queue_statistics.freeswitch_events where id > $2::bigint order by id limit 5000
), gone as (
  delete from queue_statistics.freeswitch_events
   where id in (select n.id from next n join names on names.name = (n.headers ->> 'CC-Queue')
                 where not names.shared
                       and not exists (select from queue_statistics.phone_events e
                                        where e.callid = (n.headers ->> 'CC-Member-UUID') and e.queue is null
                                          and e.customer not in (select id from tree))
                    or exists (select from queue_statistics.phone_events e
                                where e.callid = (n.headers ->> 'CC-Member-UUID')
                                  and e.queue in (select own.id from own)))
  returning id
)
select max(id), (select count(*) from gone) from next
