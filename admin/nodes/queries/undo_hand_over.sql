-- Takes begin_hand_over back: events that have waited come in.
with staying as (
  delete from queue_statistics.leaving_queues l returning l.queue
), systems as (
  update queue_statistics.phone_systems s set moved_to = null
    from queue_statistics.moves m where s.source = any (m.sources)
)
insert into queue_statistics.changed_names (kind, name)
select distinct 'queue', e.queue_name
  from queue_statistics.phone_events e
  join queue_statistics.moves m on e.source = any (m.sources)
 where e.queue is null
