-- Stores how far the log of a phone system was read; followed_files explains the columns. The first statement of the
-- transaction that folds what was read: it fails with SQLSTATE 40001 when another follower has read on meanwhile.
--
-- $1  text    source: the phone system's name
-- $2  bigint  device
-- $3  bigint  inode
-- $4  bigint  modified, nanoseconds since 1970
-- $5  text    beginning of the first line, hexadecimal
-- $6  text    beginning of the last line that was read, hexadecimal
-- $7  bigint  byte where that last line begins
-- $8  bigint  position: byte where the next line begins
-- $9  bigint  number of lines before the position
-- $10 bigint  turn: the number of this move
--
-- Served by followed_files_pkey.
select queue_statistics.move_followed_file(
  row($1, $2, $3, $4, decode($5, 'hex'), decode($6, 'hex'), $7, $8, $9, $10)::queue_statistics.followed_files)
