# What the benchmarks in bash share: databases with generated calls. A benchmark sources it: . "$here/data.sh"
# shellcheck shell=bash disable=SC2034 # the benchmark uses some of the variables
calls=${BENCH_CALLS:-1000000} busy_days=${BENCH_BUSY_DAYS:-90} seconds=${BENCH_SECONDS:-3} rounds=${BENCH_ROUNDS:-5}
seed=${BENCH_SEED:-1}
now=1795514820  # the generator's `now`, Unix seconds
open=253402300800  # the end of all time, Unix seconds
tree=$(cd "${BASH_SOURCE[0]%/*}/../../.." && pwd)
. "$tree/tests/lib/shell.sh"
PATH=$PATH:$POSTGRESQL_BIN

# roll_up DATABASE MINUTE: makes all sums until that minute.
roll_up() {
  local state=
  until [ "$state" = "done" ] || [ "$state" = waiting ]; do
    state=$(for _ in {1..20}; do
      printf '%s\n' 'begin isolation level repeatable read;' \
        'lock table queue_statistics.queue_destination_calls, queue_statistics.queue_calls in access share mode;' \
        'lock table queue_statistics.rollup_state in share update exclusive mode nowait;' \
        "select queue_statistics.roll_up_step($2, 100);" 'commit;'
    done | psql -qXAt -v ON_ERROR_STOP=1 "$1" | tail -1)
  done
}

# generate DATABASE CALLS BUSY_DAYS [PSQL_ARGUMENT...]: makes the database, with tables, calls, and the person 1, named
# `bench`. The hash (bcrypt of `bench`) has the one scheme that all contenders over HTTP know.
generate() {
  psql -qXc "create database $1" postgres
  migrations "$1"
  psql -qX -v calls="$2" -v busy_days="$3" -v seed="$seed" "${@:4}" -f "$tree/tests/long/bench/generate.sql" "$1"
  psql -qX -v ON_ERROR_STOP=1 "$1" <<'SQL'
insert into queue_statistics.people (id, customer, role, username, password)
select 1, 1, id, 'bench', '$2b$08$jVVNkzsbHph2qnpmYYJ5XuE2LQG4WipUwriZ17cSrxGtuckFBDgQC'
  from queue_statistics.roles where name = 'User';
SQL
}

# database NAME CALLS BUSY_DAYS: generates a database and sums it, unless it is there already. Prints what it is.
database() {
  local start=$SECONDS made
  [ -z "$(psql -qXAtc "select 1 from pg_database where datname = '$1'")" ] || return 0
  generate "$1" "$2" "$3"
  made=$SECONDS
  roll_up "$1" $((now / 60 - 15))
  echo "$1: $2 calls of 200 queues and $3 days of one with 100,000 a day; made in $((made - start)) s, \
summed from nothing in $((SECONDS - made)) s"
  psql -qX "$1" -c 'vacuum (analyze)' -c checkpoint
}
