-- The temporary table of what the lines of an import are. It ends with the session.
--
-- For each line: the queue and the destination (null while it is missing; callers have none), the call that the line
-- already is (null: none), and whether times or outcome of that call differ from the line's.
create temporary table matched_calls (
  line        bigint not null,
  queue       bigint,
  destination bigint,
  call        bigint,
  differs     boolean not null
)
