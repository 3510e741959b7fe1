-- Sums of calls, so that the statistics of any period cost about as much as those of a day. docs/roll-up.md explains
-- it.
--
-- Time is cut into buckets of 4 ^ level minutes, aligned to 1970. Minutes are those since 1970. Level 13, the last, has
-- buckets of 127 years: its parents would not be complete before the year 2480. Three words say what is summed:
--   watermark  of a queue: sums exist of every bucket before it, from the queue's own finest level up
--   seal       of all queues: before it calls may be summed already. A writer who touches such calls logs their minutes
--              in rollup_dirty, in its own transaction
--   fence      while the seal is being moved: a transaction id above that of every writer who may have missed it
--
-- Reading a period (call_statistics) adds up the largest buckets that fit into it, and the calls themselves at its two
-- ends. Buckets with a dirty minute are read from the calls, until the next roll-up makes their sums anew. So no answer
-- depends on when a roll-up ran, or whether one did, and nobody waits for one. roll_up_step() proves why nothing slips
-- through.

-- The seal: writers log what they do before this minute. A sequence, because a sequence has one value for all, whatever
-- the snapshot and isolation level, and reading it costs less than a query. It only ever grows.
create sequence queue_statistics.rollup_seal minvalue 0 start 0;
do $$ begin perform setval('queue_statistics.rollup_seal', 0); end $$;

-- sealed: watermarks may move up to this minute. It is the seal or, while the seal is being moved, what the seal was
-- before.
create table queue_statistics.rollup_state (
  one    boolean primary key default true check (one),
  sealed integer not null default 0,
  fence  xid8
);
insert into queue_statistics.rollup_state default values;

-- One row per queue: sums exist from `level` up for every bucket that ends at or before the watermark, which is the
-- start of a bucket of that level. While a finer level is being added for a queue that grew busier, its sums exist up
-- to `next_watermark`.
create table queue_statistics.rollup_watermarks (
  queue          bigint primary key,
  level          smallint not null check (level between 0 and 13),
  watermark      integer not null,
  next_level     smallint check (next_level < level),
  next_watermark integer,
  check ((next_level is null) = (next_watermark is null))
) with (fillfactor = 50);

-- Minutes whose calls may differ from the sums. Without a unique key or a reference, so that no writer waits for
-- another. Never truncated by vacuum, which would take a lock that stops writers, and readers on a standby.
create table queue_statistics.rollup_dirty (
  queue  bigint not null,
  minute bigint not null
) with (vacuum_truncate = off, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
create index rollup_dirty_queue_minute on queue_statistics.rollup_dirty (queue, minute);

-- The calls of one destination in the bucket of `level` that starts at `minute`. No row without calls. Columns as in
-- the statistics; known: calls of which that time is known. No references: they follow the calls, which have them.
create table queue_statistics.rollup_sums (
  queue              bigint not null,
  destination        bigint not null,
  talktime_sum       bigint,
  ringtime_sum       bigint,
  holdtime_sum       bigint,
  first_call         timestamptz not null,
  last_call          timestamptz not null,
  minute             integer not null,
  answered           integer not null,
  in_progress        integer not null,
  no_answer          integer not null,
  busy               integer not null,
  cancelled          integer not null,
  answered_elsewhere integer not null,
  failed             integer not null,
  talktime_known     integer not null,
  talktime_min       integer,
  talktime_max       integer,
  ringtime_known     integer not null,
  ringtime_min       integer,
  ringtime_max       integer,
  holdtime_known     integer not null,
  holdtime_min       integer,
  holdtime_max       integer,
  level              smallint not null,
  primary key (queue, level, minute, destination)
) with (vacuum_truncate = off, autovacuum_vacuum_scale_factor = 0.05);

-- sum(bigint) adds in numeric; this stays in bigint, and fails rather than overflow.
create aggregate queue_statistics.total(bigint) (
  sfunc = pg_catalog.int8pl, stype = bigint, combinefunc = pg_catalog.int8pl, parallel = safe
);

create function queue_statistics.rollup_minute(at timestamptz)
  returns bigint
  language sql immutable
  as $$ select floor(extract(epoch from at) / 60)::bigint $$;
