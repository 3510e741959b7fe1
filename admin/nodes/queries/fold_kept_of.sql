-- Folds kept events while there are some of these phone systems.
--
-- $1 text[]  the phone systems
--
-- One row:
--   taken  bigint  0: none is left, or an open transaction locks these phone systems
--
-- Served by kept_events_pkey, and what serves fold_events.
select case when exists (select from queue_statistics.kept_events k where (k.event).source = any ($1::text[]))
            then queue_statistics.fold_kept(200) else 0 end
