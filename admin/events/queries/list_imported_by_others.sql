-- The customers other than the import's whose queues have events of the import already, and the time of these events.
--
-- $1 bigint  customer
--
-- One row per customer:
--   customer  bigint
--   since     bigint  Unix seconds, included
--   until     bigint  Unix seconds, not included
--
-- Served by phone_events_pkey.
select q.customer, extract(epoch from min(s."time"))::bigint as since, extract(epoch from max(s."time"))::bigint + 1
  from pg_temp.imported_events i
  join queue_statistics.phone_events s
    on s.callid = (i.event).callid and s.digest = (i.event).digest
   and s."time" between (i.event)."time" - interval '1 second' and (i.event)."time" + interval '1 second'
  join queue_statistics.queues q on q.id = s.queue
 where i.problem is null and q.customer <> $1::bigint
 group by q.customer
 order by q.customer
