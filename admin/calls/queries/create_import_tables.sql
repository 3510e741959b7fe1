-- An import's own tables, which end with its transaction. imported_offers has the file's good lines; matched_offers has
-- for each of them its queue and destination (null while they are missing), the call that it already is (null: none),
-- and whether that one's times or outcome differ.
create temporary table imported_offers (
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
) on commit drop;
create temporary table matched_offers (
  line        bigint not null,
  queue       bigint,
  destination bigint,
  call        bigint,
  differs     boolean not null
) on commit drop;
