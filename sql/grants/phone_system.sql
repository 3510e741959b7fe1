-- The phone system (Asterisk or FreeSWITCH) inserts events. The triggers of the tables fold them with the rights of the
-- schema's owner. Columns are granted by name: with an id of its own choice, a role could make the INSERTs of all
-- others fail; and the source is the database's to say, by phone_system_source().
grant usage on schema queue_statistics to :"role";
grant insert ("time", callid, queuename, agent, event, data1, data2, data3, data4, data5, data)
  on queue_statistics.queue_log to :"role";
grant insert (event) on queue_statistics.freeswitch_events to :"role";
grant execute on function queue_statistics.phone_system_source() to :"role";
