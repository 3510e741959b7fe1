-- The temporary table of the good lines of a file of offers, named like that of a file of callers. It ends with the
-- session. Times are whole seconds.
create temporary table imported_calls (
  line        bigint not null,
  queue       text collate "C" not null,
  dtype       text collate "C" not null,
  dnumber     text collate "C" not null,
  uniqueid    text collate "C" not null,
  start       timestamptz not null,
  ringtime    integer,
  holdtime    integer,
  talktime    integer,
  outcome     queue_statistics.call_outcome not null,
  in_progress boolean not null
)
