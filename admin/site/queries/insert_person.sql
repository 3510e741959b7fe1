-- Adds a person who cannot log in yet: the hash comes by set_password, so that no error of this statement, which would
-- quote the row, can bring it into the server's log.
-- $1 bigint  customer
-- $2 bigint  role
-- $3 text    username
-- $4 text    networks, as an array literal
-- id bigint
insert into queue_statistics.people (customer, role, username, source, password)
values ($1, $2, $3, $4::cidr[], '*')
returning id
