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

# calls QUEUE NUMBER FROM UNTIL: inserts so many offers, spread evenly.
calls() {
  sql "insert into queue_statistics.queue_destination_calls (queue, destination, uniqueid, start, ringtime, outcome)
       select $1, $1, 'c' || n, timestamptz '$3' + n * ((timestamptz '$4' - timestamptz '$3') / $2), n % 60, 'no_answer'
         from generate_series(0, $2 - 1) n"
}

# callers QUEUE NUMBER FROM UNTIL: inserts so many callers, likewise.
callers() {
  sql "insert into queue_statistics.queue_calls (queue, uniqueid, entered, waittime, outcome)
       select $1, 'c' || n, timestamptz '$3' + n * ((timestamptz '$4' - timestamptz '$3') / $2), n % 60, 'abandoned'
         from generate_series(0, $2 - 1) n"
}

# table QUEUE: how many offers the table has, and the sum of their ring times; how many callers, and the sum of their
# waits.
table() {
  sql "select * from (select count(*), coalesce(sum(ringtime), 0)
                        from queue_statistics.queue_destination_calls where queue = $1) o,
                     (select count(*), coalesce(sum(waittime), 0) from queue_statistics.queue_calls where queue = $1) c"
}

# answer QUEUE: the same, as the statistics of all time are read.
answer() {
  sql "with offer as materialized (select * from queue_statistics.offers($1, null, '{0,253402300800}')),
            caller as materialized (select * from queue_statistics.callers($1, '{0,253402300800}'))
       select o.*, c.*
         from (select sum(calls), coalesce(sum(ringtime), 0)
                 from (select count(*) as calls, sum(ringtime) as ringtime from offer where outcome is not null
                       union all
                       select s.answered + s.no_answer + s.busy + s.cancelled + s.answered_elsewhere + s.failed,
                              s.ringtime_sum
                         from offer
                        cross join lateral (select (offer.sums::text::queue_statistics.rollup_sums).*) s
                        where offer.sums is not null and offer.destination is not null) part) o,
              (select sum(calls), coalesce(sum(waittime), 0)
                 from (select count(*) as calls, sum(waittime) as waittime from caller where outcome is not null
                       union all
                       select s.abandoned, s.abandontime_sum
                         from caller
                        cross join lateral (select (caller.sums::text::queue_statistics.rollup_caller_sums).*) s
                        where caller.sums is not null and caller.names is null) part) c"
}

differences() { sql "select count(*) from queue_statistics.rollup_differences($1)"; }

# step CALL: runs one function of the roll-up in a transaction with its locks. Prints what the function returns.
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
