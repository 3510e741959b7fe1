-- $1 text    source
-- $2 bigint  device
-- $3 bigint  inode
-- $4 bigint  modified
-- $5 text    first line, hexadecimal
-- $6 text    last line, hexadecimal
-- $7 bigint  where that begins
-- $8 bigint  position
-- $9 bigint  lines
insert into queue_statistics.followed_files
       (source, device, inode, modified, first_line, last_line, last_line_at, position, lines)
values ($1, $2, $3, $4, decode($5, 'hex'), decode($6, 'hex'), $7, $8, $9)
    on conflict (source) do update
   set device = excluded.device, inode = excluded.inode, modified = excluded.modified, first_line = excluded.first_line,
       last_line = excluded.last_line, last_line_at = excluded.last_line_at, position = excluded.position,
       lines = excluded.lines
