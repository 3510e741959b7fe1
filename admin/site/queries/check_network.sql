-- A network as PostgreSQL writes it.
--
-- $1 text
--
-- One row; error 22P02 when the text is not a network:
--   network  cidr
select $1::cidr
