-- name text
select name from queue_statistics.roles order by id
