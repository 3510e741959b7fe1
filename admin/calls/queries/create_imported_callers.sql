-- The temporary table of the good lines of a file of callers, named like that of a file of offers. It ends with the
-- session. Times are whole seconds.
create temporary table imported_calls (
  line        bigint not null,
  queue       text collate "C" not null,
  uniqueid    text collate "C" not null,
  entered     timestamptz not null,
  waittime    integer,
  talktime    integer,
  outcome     queue_statistics.caller_outcome not null,
  in_progress boolean not null
)
