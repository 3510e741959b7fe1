-- How far `queue-statistics import asterisk --follow` has read the log of each phone system. A file of its own because
-- only the follower uses this table.

-- One row per phone system. It is updated in the transaction that folds what was read, so that a killed follower
-- neither loses nor doubles a line.
--
-- The file is known by the beginnings of its first line and of the last line that was read. Its name does not tell,
-- because rotation changes it. Its inode does not tell, because a copy has another one, and an inode is used again.
-- While nothing was read yet, device and inode tell, and `modified`: a rotated file that was not modified later is
-- older.
--   device, inode  of the file
--   modified       when the file was last modified as the follower began with it, nanoseconds since 1970
--   first_line     the beginning of the first line; empty: nothing was read
--   last_line      the beginning of the last line that was read
--   last_line_at   the byte where that line begins
--   position       the byte where the next line begins
--   lines          how many lines stand before `position`
--   turn           how often the row was written: a follower writes it only after the turn that it knows
--
-- Never delete a row: the follower would read the log from its start again, and its events would count twice.
create table queue_statistics.followed_files (
  source       text collate "C" primary key,
  device       bigint not null,
  inode        bigint not null,
  modified     bigint not null,
  first_line   bytea not null,
  last_line    bytea not null,
  last_line_at bigint not null,
  position     bigint not null check (position >= 0),
  lines        bigint not null,
  turn         bigint not null
);

-- Moves the position of a phone system's log. SQLSTATE 40001 when another follower has moved it since this one read it:
-- so a line is never folded twice, and no lock is needed. The row that it writes lets followers of one phone system
-- wait for each other's transactions. SQLSTATE 25006 when the phone system's queues are on another shard now, which has
-- its own position of the log.
create function queue_statistics.move_followed_file(after queue_statistics.followed_files)
  returns void language plpgsql
  as $$
declare
  there constant smallint := (select s.moved_to from queue_statistics.phone_systems s where s.source = after.source);
begin
  if there is not null then
    raise 'the log of % is followed on shard %', after.source, there
      using errcode = 'read_only_sql_transaction', hint = 'Run this on that shard (docs/scaling.md).';
  end if;
  insert into queue_statistics.followed_files select after.*
      on conflict on constraint followed_files_pkey do update
     set device = excluded.device, inode = excluded.inode, modified = excluded.modified,
         first_line = excluded.first_line, last_line = excluded.last_line, last_line_at = excluded.last_line_at,
         position = excluded.position, lines = excluded.lines, turn = excluded.turn
   where followed_files.turn = excluded.turn - 1;
  if not found then
    raise 'another follower has read on' using errcode = 'serialization_failure';
  end if;
end
  $$;
