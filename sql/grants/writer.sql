-- A site's own loader writes offers, callers, queues and destinations.
grant usage on schema queue_statistics to :"role";
grant select, insert, update, delete on queue_statistics.queue_destination_calls, queue_statistics.queue_calls
  to :"role";
grant select, insert, update on queue_statistics.queues, queue_statistics.queue_destinations to :"role";
