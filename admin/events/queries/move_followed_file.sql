-- Stores how far the log of a phone system was read; followed_files explains the columns. It runs in the transaction
-- that folds what was read.
--
-- $1 text    source: the phone system's name
-- $2 bigint  device
-- $3 bigint  inode
-- $4 bigint  modified, nanoseconds since 1970
-- $5 text    beginning of the first line, hexadecimal
-- $6 text    beginning of the last line that was read, hexadecimal
-- $7 bigint  byte where that last line begins
-- $8 bigint  position: byte where the next line begins
-- $9 bigint  number of lines before the position
--
-- Served by followed_files_pkey.
insert into queue_statistics.followed_files
       (source, device, inode, modified, first_line, last_line, last_line_at, position, lines)
values ($1, $2, $3, $4, decode($5, 'hex'), decode($6, 'hex'), $7, $8, $9)
    on conflict (source) do update
   set device = excluded.device, inode = excluded.inode, modified = excluded.modified, first_line = excluded.first_line,
       last_line = excluded.last_line, last_line_at = excluded.last_line_at, position = excluded.position,
       lines = excluded.lines
