-- The temporary tables of an import. They end with the import's transaction.
--
-- imported_offers has the good lines of the file. matched_offers says for each line the queue and the destination (null
-- while it is missing), the call that the line already is (null: none), and whether times or outcome of that call
-- differ from the line's. Times are whole seconds.
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
