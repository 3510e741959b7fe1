-- $1 text    source
-- $2 bigint  device
-- $3 bigint  inode
-- $4 text    first line, hexadecimal
-- $5 text    last line, hexadecimal
-- $6 bigint  where that begins
-- $7 bigint  position
-- $8 bigint  lines
insert into queue_statistics.followed_files
       (source, device, inode, first_line, last_line, last_line_at, position, lines)
values ($1, $2, $3, decode($4, 'hex'), decode($5, 'hex'), $6, $7, $8)
    on conflict (source) do update
   set device = excluded.device, inode = excluded.inode, first_line = excluded.first_line, last_line = excluded.last_line,
       last_line_at = excluded.last_line_at, position = excluded.position, lines = excluded.lines
