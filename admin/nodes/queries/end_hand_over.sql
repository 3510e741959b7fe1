-- The directory says it from now on.
delete from queue_statistics.leaving_queues
