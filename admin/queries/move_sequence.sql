-- Makes every later value of a sequence higher than $2. It never moves a sequence back, not even one that was restarted
-- at a higher value: pg_sequences does not show such a value until it is drawn.
--
-- $1 text    sequence
-- $2 bigint  highest id
select setval($1::regclass, greatest($2::bigint, nextval($1::regclass)))
