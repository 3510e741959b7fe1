-- username, password of everyone who is active
select username, password from queue_statistics.people where active order by username
