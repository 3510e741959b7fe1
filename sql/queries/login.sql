-- Who has logged in, and a token where one is asked for.
--
-- $1 bigint  person
-- $2 text    the name that the person logged in with
-- $3 integer how long the token holds, minutes; null for no token
--
-- One row:
--   id, customer         bigint  the person and its customer
--   username             text
--   auth_token           text    null without a token
--   auth_token_expiry    bigint  seconds that the token holds; null likewise
--   auth_token_expires   bigint  when it ends, Unix seconds; null likewise
--
-- Served by people_pkey and people_username_key.
select $1::bigint as id, $2::text as username, queue_statistics.customer_of($1::bigint) as customer, t.auth_token,
       t.auth_token_expiry, t.auth_token_expires
  from queue_statistics.login_token($2::text, $3::integer) t
