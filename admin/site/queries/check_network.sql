-- $1 text
-- The same as a network; an error (22P02) when it is none.
select $1::cidr
