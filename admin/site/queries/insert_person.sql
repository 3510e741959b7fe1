-- Adds a person who cannot log in yet. The hash comes later by set_password: an error of this statement would quote the
-- row, and could bring a hash into the server's log.
--
-- $1 bigint  customer
-- $2 bigint  role
-- $3 text    username
-- $4 text    networks, as an array literal
--
-- One row:
--   id  bigint
insert into queue_statistics.people (customer, role, username, source, password)
values ($1, $2, $3, $4::cidr[], '*')
returning id
