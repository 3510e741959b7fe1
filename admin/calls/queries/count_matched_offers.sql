-- What an import has to do, or had.
-- queues bigint, destinations bigint: missing; new bigint, updated bigint, unchanged bigint: offers
select count(distinct i.queue) filter (where m.queue is null),
       count(distinct (i.queue, i.dtype, i.dnumber)) filter (where m.destination is null),
       count(*) filter (where m.call is null),
       count(*) filter (where m.differs),
       count(*) filter (where m.call is not null and not m.differs)
  from pg_temp.matched_offers m
  join pg_temp.imported_offers i on i.line = m.line
