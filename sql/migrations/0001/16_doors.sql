-- What else the statements of sql/queries read of a queue's own data: beside offers() and callers(), the destinations,
-- the span of its callers, and the offers of a destination. A file of its own because of where these data are. In a
-- site of one machine they are in this database, and each function here is plain SQL, which the planner puts into the
-- query around it. Past one machine they are on the queue's shard, and the router's database has functions of the same
-- names that ask there (sql/nodes/router.sql), so that the statements are the same everywhere.
--
-- Whoever calls the functions needs the right to read the tables. But for destination_offers() they do not ask who may
-- see a queue: the statement around them does, first.

-- When the first and the last caller of a queue came in the period from `since` on until before `until` (Unix seconds),
-- refused ones included; null when there are no callers.
create function queue_statistics.caller_span(of_queue bigint, since bigint, until bigint)
  returns table (first timestamptz, last timestamptz)
  language sql stable parallel safe rows 1
  as $$
  select (select min(c.entered)
            from queue_statistics.queue_calls c
           where c.queue = of_queue and c.entered >= to_timestamp(since) and c.entered < to_timestamp(until)),
         (select max(c.entered)
            from queue_statistics.queue_calls c
           where c.queue = of_queue and c.entered >= to_timestamp(since) and c.entered < to_timestamp(until))
  $$;

-- The current destinations of a queue, in no order.
create function queue_statistics.destinations(of_queue bigint)
  returns table (id bigint, queue bigint, dtype text, dnumber text, available boolean, priority smallint)
  language sql stable parallel safe
  as $$
  select d.id, d.queue, d.dtype, d.dnumber, d.available, d.priority
    from queue_statistics.queue_destinations d
   where d.queue = of_queue and d.removed is null
  $$;

-- The current destination of a type and number (exact) in a queue, if there is one.
create function queue_statistics.destination_by_number(of_queue bigint, of_dtype text, of_dnumber text)
  returns table (id bigint, queue bigint, dtype text, dnumber text, available boolean, priority smallint)
  language sql stable parallel safe rows 1
  as $$
  select d.id, d.queue, d.dtype, d.dnumber, d.available, d.priority
    from queue_statistics.queue_destinations d
   where d.queue = of_queue and d.dtype = of_dtype and d.dnumber = of_dnumber and d.removed is null
  $$;

-- The destination of an id, if it is current.
create function queue_statistics.destination(of_destination bigint)
  returns table (id bigint, queue bigint, dtype text, dnumber text, available boolean, priority smallint)
  language sql stable parallel safe rows 1
  as $$
  select d.id, d.queue, d.dtype, d.dnumber, d.available, d.priority
    from queue_statistics.queue_destinations d
   where d.id = of_destination and d.removed is null
  $$;

-- The current destinations of a type and number (exact) in all queues, deleted queues too, in no order.
create function queue_statistics.destinations_by_number(of_dtype text, of_dnumber text)
  returns table (id bigint, queue bigint, dtype text, dnumber text, available boolean, priority smallint)
  language sql stable parallel safe
  as $$
  select d.id, d.queue, d.dtype, d.dnumber, d.available, d.priority
    from queue_statistics.queue_destinations d
   where d.dtype = of_dtype and d.dnumber = of_dnumber and d.removed is null
  $$;

-- The offers to a destination, current or removed, as offers() hands them out, for a person who may see its queue: one
-- row of nulls when there are none; no row when the destination is absent, its queue is deleted, or the person may not
-- see the queue. The function takes the person because only the destination's own database knows the queue: so it is
-- asked once for both.
create function queue_statistics.destination_offers(
    person bigint, of_destination bigint, edges bigint[], labels integer[] default null)
  returns table (destination bigint, dtype text, dnumber text, removed boolean,
                 outcome queue_statistics.call_outcome, in_progress boolean, talktime integer, ringtime integer,
                 holdtime integer, start timestamptz, sums text)
  language sql stable parallel safe
  as $$
  select o.*
    from queue_statistics.queue_destinations d
    join queue_statistics.queues q on q.id = d.queue and not q.deleted
    left join lateral queue_statistics.offers(d.queue, d.id, edges, labels) o on true
   where d.id = of_destination and queue_statistics.may_see_queue(person, d.queue)
  $$;
