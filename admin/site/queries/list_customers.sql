-- All customers, deleted ones too, by id.
--
-- One row per customer:
--   id       bigint
--   parent   bigint  null: none
--   name     text
--   deleted  text    true or false
select id, parent, name, deleted::text from queue_statistics.customers order by id
