-- $1 text  source
-- device bigint, inode bigint, modified bigint, first_line text (hexadecimal), last_line text (hexadecimal),
-- last_line_at bigint, position bigint, lines bigint
select device, inode, modified, encode(first_line, 'hex'), encode(last_line, 'hex'), last_line_at, position, lines
  from queue_statistics.followed_files where source = $1
