-- Takes the session's lock of a follower, unless another follower has it: whoever may write the position. What any
-- other role holds counts for nothing, because every role may take advisory locks. The lock only spares two followers
-- from getting in each other's way; move_followed_file() keeps them from reading a line twice.
--
-- $1 text  source: the phone system's name
--
-- One row:
--   free  boolean
with key (class, id) as (select hashtext('queue_statistics.follow'), hashtext($1))
select pg_try_advisory_lock(k.class, k.id)
       or not exists (select from pg_locks l
                        join pg_stat_activity a on a.pid = l.pid
                        join pg_stat_get_activity(pg_backend_pid()) me on me.datid = l.database
                       where l.locktype = 'advisory' and l.granted and l.objsubid = 2
                         and l.classid::bigint::bit(32) = k.class::bit(32) and l.objid::bigint::bit(32) = k.id::bit(32)
                         and has_table_privilege(a.usesysid, 'queue_statistics.followed_files', 'update'))
  from key k
