-- Makes every later value of a sequence higher than $2; never moves it back, also when it was restarted at a higher
-- value that pg_sequences does not show until it is drawn.
-- $1 text    sequence
-- $2 bigint  highest id
select setval($1::regclass, greatest($2::bigint, nextval($1::regclass)))
