-- Folds kept events of one phone system (fold_kept() in sql/migrations).
--
-- One row:
--   taken  bigint  0: none is left
--
-- Served by kept_events_pkey, and what serves fold_events.
select queue_statistics.fold_kept(200)
