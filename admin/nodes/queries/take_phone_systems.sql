-- Takes phone systems from another shard.
--
-- $1 text[]  the phone systems
-- $2 text    as list_followed_files has them
with systems as (
  insert into queue_statistics.phone_systems (source)
  select unnest($1::text[]) on conflict (source) do update set moved_to = null
), gone as (  -- of an earlier move in the other direction
  delete from queue_statistics.followed_files f
   where f.source = any ($1::text[])
     and not exists (select from unnest($2::queue_statistics.followed_files[]) n where n.source = f.source)
)
insert into queue_statistics.followed_files as f
select n.* from unnest($2::queue_statistics.followed_files[]) n
    on conflict (source) do update
   set device = excluded.device, inode = excluded.inode, modified = excluded.modified,
       first_line = excluded.first_line, last_line = excluded.last_line, last_line_at = excluded.last_line_at,
       position = excluded.position, lines = excluded.lines, turn = excluded.turn
