-- The phone system (Asterisk or FreeSWITCH) inserts events. The triggers of the tables fold them with the rights of the
-- schema's owner.
grant usage on schema queue_statistics to :"role";
grant insert on queue_statistics.queue_log, queue_statistics.freeswitch_events to :"role";
