-- The statement that gives the router's server the address of a shard.
--
-- $1 integer  number of the shard
-- $2 text     the address, a connection string
-- $3 boolean  it has one already
--
-- One row:
--   statement  text
--   literal    text  $2 as a literal of SQL
select format('alter server queue_statistics options (%s p%s %L);', case when $3::boolean then 'set' else 'add' end,
              $1::integer, $2::text), quote_literal($2)
