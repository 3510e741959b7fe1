-- What an import has to do, or what it did.
--
-- One row:
--   queues     bigint  that are missing
--   new        bigint  lines that are no calls yet
--   updated    bigint  lines whose call differs
--   unchanged  bigint  lines whose call is the same
--
-- Reads the import's temporary tables only.
select count(distinct i.queue) filter (where m.queue is null),
       count(*) filter (where m.call is null),
       count(*) filter (where m.differs),
       count(*) filter (where m.call is not null and not m.differs)
  from pg_temp.matched_calls m
  join pg_temp.imported_calls i on i.line = m.line
