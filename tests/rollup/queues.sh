# What the tests of the sums share beside tests/lib/shell.sh.
# shellcheck shell=bash

sql() { psql -XAtq -v ON_ERROR_STOP=1 -c "$1"; }

# make_queues NUMBER: makes queues 1 to NUMBER. Queue n has the destination n.
make_queues() {
  sql "insert into queue_statistics.customers (id, name) values (1, 'one');
       insert into queue_statistics.queues (id, customer, name) select n, 1, 'q' || n from generate_series(1, $1) n;
       insert into queue_statistics.queue_destinations (id, queue, dtype, dnumber)
       select n, n, 'phone', 'p' from generate_series(1, $1) n"
}

# calls QUEUE NUMBER FROM UNTIL: inserts so many calls, spread evenly.
calls() {
  sql "insert into queue_statistics.queue_destination_calls (queue, destination, uniqueid, start, ringtime, outcome)
       select $1, $1, 'c' || n, timestamptz '$3' + n * ((timestamptz '$4' - timestamptz '$3') / $2), n % 60, 'no_answer'
         from generate_series(0, $2 - 1) n"
}

# table QUEUE: how many calls the table has, and the sum of their ring times.
table() {
  sql "select count(*), coalesce(sum(ringtime), 0) from queue_statistics.queue_destination_calls where queue = $1"
}

# answer QUEUE: the same, as the statistics of all time are read.
answer() {
  sql "with offer as materialized (select * from queue_statistics.offers($1, null, '{0,253402300800}'))
       select sum(calls), coalesce(sum(ringtime), 0)
         from (select count(*) as calls, sum(ringtime) as ringtime from offer where outcome is not null
               union all
               select s.answered + s.no_answer + s.busy + s.cancelled + s.answered_elsewhere + s.failed, s.ringtime_sum
                 from offer
                cross join lateral (select (offer.sums::text::queue_statistics.rollup_sums).*) s
                where offer.sums is not null and offer.destination is not null) part"
}

differences() { sql "select count(*) from queue_statistics.rollup_differences($1)"; }

# step CALL: runs one function of the roll-up in a transaction with its two locks. Prints what the function returns.
step() {
  psql -XAtq -v ON_ERROR_STOP=1 <<END
begin isolation level repeatable read;
lock table queue_statistics.queue_destination_calls, queue_statistics.queue_calls in access share mode;
lock table queue_statistics.rollup_state in share update exclusive mode nowait;
select queue_statistics.$1;
commit;
END
}

# sum_until MINUTE: rolls up until that minute.
sum_until() {
  local state
  until [ "${state-}" = "done" ]; do state=$(step "roll_up_step($1, 100)"); done
}
