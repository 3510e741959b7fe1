-- Asterisk or FreeSWITCH: inserts events. The tables' triggers do the rest, with their owner's rights.
grant usage on schema queue_statistics to :"role";
grant insert on queue_statistics.queue_log, queue_statistics.freeswitch_events to :"role";
