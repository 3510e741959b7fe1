-- The temporary tables of an event import. They end with the session. Each is read in the order in which it was written,
-- so a few buffers do as well as many, and memory does not grow with the number of lines.
--
-- imported_lines has the good lines as they stand in the file; `data` is all that follows the event, pipes included.
-- imported_events has what the lines say, in chunks of about a thousand events. Equal events of a file are in one
-- chunk.
set temp_buffers = '1MB';
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
