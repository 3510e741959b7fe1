-- Ends a token.
--
-- $1 bigint  id
--
-- No row when there is no such token. Otherwise one row:
--   was_revoked  boolean  it was revoked before
--
-- Served by tokens_pkey.
update queue_statistics.tokens t
   set revoked = true
  from queue_statistics.tokens before
 where t.id = $1::bigint and before.id = t.id
returning before.revoked as was_revoked
