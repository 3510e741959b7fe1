-- The destinations that an import of offers would make.
--
-- One row:
--   destinations  bigint
--
-- Reads the import's temporary tables only.
select count(distinct (i.queue, i.dtype, i.dnumber))
  from pg_temp.matched_calls m
  join pg_temp.imported_calls i on i.line = m.line
 where m.destination is null
