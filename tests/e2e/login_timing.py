"""The measurement of `login_timing`, which starts this with a PostgreSQL."""

import random
import statistics
import sys
import time

from lib import case_file, psql, stage as stages

ALLOWED = 1.10  # largest ratio of the slowest median to the fastest

# Gives people of data.sql hashes of the default scheme, of the password `secret`.
PEOPLE = """
update queue_statistics.people
   set password = (select password from queue_statistics.people where username = 'yescrypt')
 where username in ('amy', 'locked', 'gone', 'from_elsewhere');
"""
REASONS = {
    "unknown person": "auth_username=nobody;auth_password=wrong",
    "wrong password": "auth_username=amy;auth_password=wrong",
    "inactive person, right password": "auth_username=locked;auth_password=secret",
    "inactive person, wrong password": "auth_username=locked;auth_password=wrong",
    "deleted customer, right password": "auth_username=gone;auth_password=secret",
    "forbidden address, right password": "auth_username=from_elsewhere;auth_password=secret",
    "locked hash": "auth_username=hash_star;auth_password=wrong",
    "weak hash, right password": "auth_username=hash_md5;auth_password=secret",
    "dear hash, right password": "auth_username=hash_bcrypt_13;auth_password=secret",
}


def main():
    build = sys.argv[1]
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 200
    milliseconds = {reason: [] for reason in REASONS}
    with stages.Stage(build, processes=1) as stage:
        psql.run(PEOPLE)
        requests = {reason: case_file.Request("FastCGI", [f"QUERY_STRING={query};queue=100"])
                    for reason, query in REASONS.items()}
        for turn in range(rounds + 3):  # the first three connect and prepare, and are not measured
            for reason in random.sample(list(REASONS), len(REASONS)):
                began = time.perf_counter()
                status = requests[reason].send(stage, None).status
                took = 1000 * (time.perf_counter() - began)
                assert status == 401, f"{reason}: {status}"
                if turn >= 3:
                    milliseconds[reason].append(took)
    medians = {reason: statistics.median(times) for reason, times in milliseconds.items()}
    for reason, median in medians.items():
        print(f"{median:8.2f} ms  {reason}")
    ratio = max(medians.values()) / min(medians.values())
    print(f"slowest / fastest median of {rounds}: {ratio:.3f}, allowed {ALLOWED:.2f}")
    return 0 if ratio <= ALLOWED else 1


if __name__ == "__main__":
    sys.exit(main())
