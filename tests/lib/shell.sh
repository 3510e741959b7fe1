# What tests in bash share. A test sources it: . "$here/../lib/shell.sh"
# shellcheck shell=bash disable=SC2034 # the test uses passed and failed

passed=0 failed=0

# check NAME EXPECTED GOT: passes when both texts are equal.
check() {
  if [ "$2" = "$3" ]; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    printf 'FAILED %s\n  expected %s\n  got      %s\n' "$@"
  fi
}

# Prints the line `N passed, N failed`. Fails when anything has failed.
finish() {
  echo "$passed passed, $failed failed"
  [ "$failed" = 0 ]
}

# tally COMMAND...: runs a test, shows what it prints, and adds its count to ours. A test that dies, or ends without a
# count, is one failure.
tally() {
  local log status=0 ok bad
  log=$(mktemp)
  "$@" 2>&1 | tee "$log" || status=1
  read -r ok _ bad _ < <(grep -E '^[0-9]+ passed, [0-9]+ failed$' "$log" | tail -n 1) || true
  rm "$log"
  ok=${ok:-0} bad=${bad:-0}
  if [ "$bad" = 0 ] && { [ "$status" != 0 ] || [ "$ok" = 0 ]; }; then bad=1; fi
  passed=$((passed + ok)) failed=$((failed + bad))
}

# migrations [PSQL_ARGUMENT...]: makes the tables, in the database of libpq's environment or in the one named.
migrations() {
  local tests=${BASH_SOURCE[0]%/*}/..
  find "$tests/../sql/migrations" -name '*.sql' -print0 | sort -z | xargs -0 cat | psql -qX1 -v ON_ERROR_STOP=1 "$@"
}

# Runs a program of the server, as the server's user.
as_postgres() { if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi; }

median() { sort -n | awk '{v[NR] = $1} END {print v[int((NR + 1) / 2)]}'; }
ratio() { awk -v a="$1" -v b="$2" 'BEGIN {printf "%.2f", a / b}'; }
