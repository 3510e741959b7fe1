-- What an import has to do, or what it did.
--
-- One row:
--   queues        bigint  that are missing
--   destinations  bigint  that are missing
--   new           bigint  offers that are no calls yet
--   updated       bigint  offers whose call differs
--   unchanged     bigint  offers whose call is the same
--
-- Reads the import's temporary tables only.
select count(distinct i.queue) filter (where m.queue is null),
       count(distinct (i.queue, i.dtype, i.dnumber)) filter (where m.destination is null),
       count(*) filter (where m.call is null),
       count(*) filter (where m.differs),
       count(*) filter (where m.call is not null and not m.differs)
  from pg_temp.matched_offers m
  join pg_temp.imported_offers i on i.line = m.line
