-- How far the log of a phone system was read; followed_files explains the columns.
--
-- $1 text  source: the phone system's name
--
-- No row when the log was never followed. Otherwise one row:
--   device, inode, modified              bigint
--   first_line, last_line                text    hexadecimal
--   last_line_at, position, lines, turn  bigint
--
-- Served by followed_files_pkey.
select device, inode, modified, encode(first_line, 'hex'), encode(last_line, 'hex'), last_line_at, position, lines,
       turn
  from queue_statistics.followed_files where source = $1
