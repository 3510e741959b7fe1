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
  lines        bigint not null
);
