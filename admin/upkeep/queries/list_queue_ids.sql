-- Queues, deleted ones too.
--
-- $1 bigint  so many at most, drawn by chance; null: all
--
-- One row per queue, by id:
--   id  bigint
select id
  from (select id from queue_statistics.queues order by case when $1::bigint is not null then random() end limit $1) q
 order by id
