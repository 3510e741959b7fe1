-- How far `import asterisk --follow` has read each phone system's log. It moves in the transaction that folds what was
-- read, so that a killed follower neither loses nor doubles a line. position: the byte where the next line begins;
-- lines: how many stand before it. The file is known by the beginnings of its first line and of the last line read,
-- which stands at last_line_at: rotation changes its name, a copy its inode, and inodes are used again. Where nothing
-- was read yet, device and inode tell, and modified (nanoseconds since 1970): what was rotated then is older. Never
-- delete a row: the events of a log that is followed from its start again count twice.
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
