-- The roll-up: sums of calls, so that the statistics of any period cost about as much as those of a day.
-- docs/roll-up.md is the introduction. This file holds the words and the tables. It is a file of its own because all
-- parts of the roll-up use them: 11 adds up, 12 reads sums, 13 makes them and proves that they are exact, 14 checks and
-- rebuilds them, 15 is what a writer of calls does.
--
-- Buckets. Time is cut into buckets of 1, 5 or 15 minutes, 1, 2, 4 or 8 hours, 1, 2, 4, ... days (rollup_widths()),
-- aligned to 1970. A minute is a number: minutes since 1970. A bucket is named by its first minute and its width in
-- minutes.
--
-- A call is an offer, which has its time by `start`, or a caller, who has it by `entered`. Three words say what is
-- summed, of both:
--   watermark  of one queue. Sums exist for every bucket that ends at or before the watermark, from the queue's own
--              finest width up.
--   seal       of all queues. Calls that start before the seal may be summed already. A writer that inserts, changes or
--              deletes such a call logs the call's minute as dirty (in rollup_dirty), in the writer's own transaction.
--   fence      a transaction id, while the seal is being moved. Every writer that may have read the old seal has a
--              transaction id below the fence.
--
-- Reading a period. offers() and callers() take the sums of the largest buckets that fit into the period. At both ends
-- of the period they take the calls themselves. They read a bucket with a dirty minute from its calls too, until the
-- next roll-up makes the sums of that bucket anew. So no answer depends on when a roll-up ran, or whether a roll-up ran
-- at all, and no answer waits for one. The comment of roll_up_step() proves that no call is missed or counted twice.

-- The seal, in minutes since 1970. A sequence has one value for all sessions, whatever their snapshot and isolation
-- level, and reading it costs less than a query. It has no value until the first roll-up or import,
-- and again where its value was lost, such as in a database that was moved by logical replication: then writers log all
-- they do.
create sequence queue_statistics.rollup_seal minvalue 0 start 0;

-- One row. `sealed`: watermarks may move up to this minute. `sealed` equals the seal or, while the seal is being moved,
-- what the seal was before. `fence` is null unless the seal is being moved.
create table queue_statistics.rollup_state (
  one    boolean primary key default true check (one),
  sealed integer not null default 0,
  fence  xid8
) with (autovacuum_enabled = off);  -- vacuum takes the lock that says that a roll-up is at work; the row prunes itself
insert into queue_statistics.rollup_state default values;

-- The widths of buckets in minutes, ascending; each is a multiple of the one before. Hours and days are among them, so
-- that an hour or a day of any time zone is read from few buckets, where the queue is so busy that it has them: an hour
-- is at most four buckets of 15 minutes. From a day on each width is twice the one before: docs/roll-up.md says why.
-- The last width is 45 years; the next one would not have a complete bucket before the year 2059.
create function queue_statistics.rollup_widths()
  returns integer[]
  language sql immutable parallel safe
  as $$
  select '{1, 5, 15, 60, 120, 240, 480, 1440, 2880, 5760, 11520, 23040, 46080, 92160, 184320, 368640, 737280, 1474560,
           2949120, 5898240, 11796480, 23592960}'::integer[]
  $$;

-- One row per queue that a roll-up has met. Sums exist from `width` up for every bucket that ends at or before
-- `watermark` (a minute; the start of a bucket of `width`). While a finer width is being added for a queue that grew
-- busier, the sums of `next_width` exist up to `next_watermark`.
create table queue_statistics.rollup_watermarks (
  queue          bigint primary key,
  width          integer not null check (width > 0),
  watermark      integer not null,
  next_width     integer check (next_width < width),
  next_watermark integer,
  check ((next_width is null) = (next_watermark is null))
) with (fillfactor = 50);

-- Minutes whose calls may differ from the sums. The table has no unique key and no reference, so that no writer waits
-- for another. Vacuum never truncates the table: truncation would take a lock that stops writers, and readers on a
-- standby.
create table queue_statistics.rollup_dirty (
  queue  bigint not null,
  minute bigint not null
) with (vacuum_truncate = off, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
alter table queue_statistics.rollup_dirty replica identity full;  -- so that it may be published
create index rollup_dirty_queue_minute on queue_statistics.rollup_dirty (queue, minute);

-- The sums of one destination's calls in the bucket of `width` minutes that starts at `minute`. A bucket without calls
-- of a destination has no row. Times are in seconds, the first and the last call's start in Unix seconds, rounded down.
-- Columns are named as in the statistics; `..._known` is the number of calls with that time known. The table has no
-- references: the sums follow the calls, which have them.
create table queue_statistics.rollup_sums (
  queue              bigint not null,
  destination        bigint not null,
  talktime_sum       bigint,
  ringtime_sum       bigint,
  holdtime_sum       bigint,
  first_call         bigint not null,
  last_call          bigint not null,
  width              integer not null,
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
  primary key (queue, width, minute, destination)
) with (vacuum_truncate = off, autovacuum_vacuum_scale_factor = 0.05);

-- The sums of a queue's callers who entered in the bucket of `width` minutes that starts at `minute`: one row per
-- bucket that has callers. Times are in seconds, moments in Unix seconds, rounded down.
--   holdtime               the wait of who was answered
--   abandontime            the wait of who abandoned
--   first_call, last_call  the first and the last entry; who was refused did not enter
--   waiting_since          the first entry of those who still wait
--   answered_5, ...        answered after more than 3 and at most 5 seconds; answered_3: after at most 3 seconds
--   abandoned_0, ...       abandoned at once; abandoned_3: after more than 0 and at most 3 seconds
--
-- A caller is in at most one of the columns answered_3 to answered_900, and abandoned_0 to abandoned_900: so they are
-- made like any other count, and add up to the callers within any of the limits. A wait that is unknown or longer than
-- 900 seconds is in none.
create table queue_statistics.rollup_caller_sums (
  queue             bigint not null,
  talktime_sum      bigint,
  holdtime_sum      bigint,
  abandontime_sum   bigint,
  waittime_sum      bigint,
  first_call        bigint,
  last_call         bigint,
  waiting_since     bigint,
  width             integer not null,
  minute            integer not null,
  answered          integer not null,
  in_progress       integer not null,
  waiting           integer not null,
  abandoned         integer not null,
  timeout           integer not null,
  key               integer not null,
  empty             integer not null,
  other             integer not null,
  refused           integer not null,
  talktime_known    integer not null,
  talktime_min      integer,
  talktime_max      integer,
  holdtime_known    integer not null,
  holdtime_min      integer,
  holdtime_max      integer,
  abandontime_known integer not null,
  abandontime_min   integer,
  abandontime_max   integer,
  waittime_known    integer not null,
  waittime_min      integer,
  waittime_max      integer,
  answered_3        integer not null,
  answered_5        integer not null,
  answered_10       integer not null,
  answered_15       integer not null,
  answered_20       integer not null,
  answered_25       integer not null,
  answered_30       integer not null,
  answered_45       integer not null,
  answered_60       integer not null,
  answered_90       integer not null,
  answered_120      integer not null,
  answered_180      integer not null,
  answered_240      integer not null,
  answered_300      integer not null,
  answered_600      integer not null,
  answered_900      integer not null,
  abandoned_0       integer not null,
  abandoned_3       integer not null,
  abandoned_5       integer not null,
  abandoned_10      integer not null,
  abandoned_15      integer not null,
  abandoned_20      integer not null,
  abandoned_25      integer not null,
  abandoned_30      integer not null,
  abandoned_45      integer not null,
  abandoned_60      integer not null,
  abandoned_90      integer not null,
  abandoned_120     integer not null,
  abandoned_180     integer not null,
  abandoned_240     integer not null,
  abandoned_300     integer not null,
  abandoned_600     integer not null,
  abandoned_900     integer not null,
  primary key (queue, width, minute)
) with (vacuum_truncate = off, autovacuum_vacuum_scale_factor = 0.05);

-- The sum of bigints as a bigint. PostgreSQL's own sum(bigint) adds in numeric, which is slower. An overflow is an
-- error, never a wrong sum.
create aggregate queue_statistics.total(bigint) (
  sfunc = pg_catalog.int8pl, stype = bigint, combinefunc = pg_catalog.int8pl, parallel = safe
);

-- The whole second since 1970 in which a moment lies. date_part() is the cheaper way, and exact up to the year 2255.
create function queue_statistics.unix_second(at timestamptz)
  returns bigint
  language sql stable
  as $$
  select case when at < '2200-01-01 00:00:00+00'::timestamptz then floor(date_part('epoch', at))::bigint
              else floor(extract(epoch from at))::bigint end
  $$;

-- The minute since 1970 in which a moment lies, rounded down.
create function queue_statistics.rollup_minute(at timestamptz)
  returns bigint
  language sql stable
  as $$ select queue_statistics.unix_second(at) / 60 $$;

-- The limit of seconds that names the column of rollup_caller_sums in which a wait counts; null for a longer one.
create function queue_statistics.rollup_bin(wait integer)
  returns integer
  language sql immutable parallel safe
  as $$
  select case when wait <= 3 then 3 when wait <= 5 then 5 when wait <= 10 then 10 when wait <= 15 then 15
              when wait <= 20 then 20 when wait <= 25 then 25 when wait <= 30 then 30 when wait <= 45 then 45
              when wait <= 60 then 60 when wait <= 90 then 90 when wait <= 120 then 120 when wait <= 180 then 180
              when wait <= 240 then 240 when wait <= 300 then 300 when wait <= 600 then 600 when wait <= 900 then 900
         end
  $$;
