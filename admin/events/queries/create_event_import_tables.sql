-- An event import's own tables, which end with its session. imported_lines has the good lines as they stand (data: what
-- follows the event, pipes included); imported_events what they say, a thousand or so a chunk: equal events of a file
-- are in one chunk.
create temporary table imported_lines (
  file      integer not null,
  line      bigint not null,
  "time"    text not null,
  callid    text not null,
  queuename text not null,
  agent     text not null,
  event     text not null,
  data      text not null
);
create temporary table imported_events (
  file    integer not null,
  line    bigint not null,
  chunk   bigint not null,
  event   queue_statistics.phone_event,
  problem text
);
create index imported_events_chunk on imported_events (file, chunk);
set plan_cache_mode = force_generic_plan;
set jit = off;
