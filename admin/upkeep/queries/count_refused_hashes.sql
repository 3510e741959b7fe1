-- The active people whose stored hash the responder refuses. An empty hash, `*` and `!...` are left out: somebody
-- locked those people on purpose. No hash leaves the database.
--
-- One row:
--   people  bigint
--   names   text    the first ten usernames, one per line; control characters in them are spaces
with refused as materialized (
  select username
    from queue_statistics.people
   where active and password not in ('', '*') and password not like '!%'
     and not queue_statistics.is_acceptable_hash(password)
)
select count(*),
       (select string_agg(regexp_replace(username, '[[:cntrl:]]', ' ', 'g'), chr(10) order by username)
          from (select username from refused order by username limit 10) first)
  from refused
