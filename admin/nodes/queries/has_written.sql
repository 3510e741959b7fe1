-- Whether one of these phone systems has written here since a moment, or its log was read on.
--
-- $1 text[]  the phone systems
-- $2 text    the moment; null: 2 seconds ago
-- $3 bigint  turns of the logs
--
-- One row:
--   has  boolean
--
-- Served by queue_log_pkey and freeswitch_events_pkey, backwards.
select exists (select from queue_statistics.newest_events n
                where n.source = any ($1::text[]) and n.received > coalesce($2::timestamptz, now() - interval '2 s'))
       or exists (select from queue_statistics.followed_files f
                   where f.source = any ($1::text[]) having sum(f.turn) > $3::bigint)
