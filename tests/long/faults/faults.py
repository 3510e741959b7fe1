"""Makes the faults. `run` starts this with a PostgreSQL."""

import argparse
import collections
import glob
import json
import os
import re
import subprocess
import sys
import time
import traceback

import database_faults
import web_faults
import writing_faults
from lib import postgresql, processes, psql, stage as stages, stand

PARTS = sorted(database_faults.PARTS + web_faults.PARTS + writing_faults.PARTS, key=lambda part: part.number)
RESULTS = os.path.join(stages.TREE, "build/faults")  # of the last full run of each, for the report


def changed(before, after):
    return f"{before} → {after}" if before != after else str(before)


def line_of(part, run, seconds):
    codes = ", ".join(f"{code} × {count}" for code, count in sorted(run.codes.items())) or "-"
    if run.after is None:
        state = ["-"] * 4
    else:
        before, after = run.before, run.after
        files = "-" if after.files is None else changed(before.files, after.files)
        memory = changed(f"{before.kib / 1024:.1f}", f"{after.kib / 1024:.1f}")
        state = [f"{run.recovered:.2f} s", changed(before.processes, after.processes), files, memory]
    return [str(part.number), part.name, codes, *state, f"{seconds:.1f} s", "; ".join(run.notes)]


def make(part, stage, full, group):
    """Makes the fault once. Returns what happened. Raises when the responders did not survive the fault."""
    run = stand.Run(stage, full)
    run.group = group
    try:
        if not part.own:
            run.begin()
        part.function(run)
        if not part.own:
            run.over()
        ended = stage.ended_responders()
        assert not ended, f"responders died: {ended}"
    except Exception as error:
        error.add_note(f"callers saw {dict(run.codes)}")
        raise
    return run


def outcome(part, stage, full, group):
    """Makes the fault, and makes it again when it took too long. Prints and keeps the outcome, and returns it: passed,
    failed or skipped."""
    began = time.monotonic()
    try:
        try:
            run = make(part, stage, full, group)
        except stand.TooSlow as error:
            run = make(part, stage, full, group)
            run.note(f"at the second try: {error}")
        word, cells = "passed", line_of(part, run, time.monotonic() - began)
        print(" | ".join(filter(None, cells)), flush=True)
    except stand.Skipped as reason:
        word, cells = "skipped", [str(part.number), part.name, str(reason)]
        print(f"skip {part.number} {part.name}: {reason}", flush=True)
    except Exception as error:  # pylint: disable=broad-except; whatever it is, the fault was not survived
        word, cells = "failed", [str(part.number), part.name, f"{type(error).__name__}: {error}"]
        print(f"FAILED {part.number} {part.name} ({time.monotonic() - began:.1f} s): {cells[2]};", *error.__notes__)
        print("  " + "  ".join(traceback.format_exc().splitlines(True)[-9:-1]), flush=True)
    if full:
        keep(f"{PARTS.index(part):02}", {"outcome": word, "cells": cells})
    return word


def keep(name, result):
    """Keeps a result for the report, with its time and the load of the machine."""
    os.makedirs(RESULTS, exist_ok=True)
    result |= {"time": time.time(), "load": os.getloadavg()[2]}
    with open(f"{RESULTS}/{name}.json", "w", encoding="utf-8") as file:
        json.dump(result, file)


def leaks(stage):
    """Adds a person, and searches for the clients' password and for hashes. Returns where they are but must not be, and
    a sentence that says what was searched."""
    admin = [f"{stage.build}/queue-statistics", "person", "add", "--customer", "11", "--role", "User", "added"]
    subprocess.run(admin, input=stand.PASSWORD, text=True, check=True, stdout=subprocess.DEVNULL)
    hashes = psql.run("""set log_statement = none; set log_min_duration_statement = -1;
        select password from queue_statistics.people where password ~ '^[$]'""").splitlines()
    secrets = re.compile(b"|".join(re.escape(secret.encode()) for secret in (stand.PASSWORD, *hashes)))
    server = postgresql.directory()
    pids = {*stage.responders, *(process.pid for process in stage.nginx.values()),
            *processes.family(postgresql.postmaster())}
    logs = [*glob.glob(f"{stage.dir}/*log"), *glob.glob(f"{server}/*log"), *glob.glob(f"{server}/*.stderr")]
    seen = [*logs, *(f"/proc/{pid}/{name}" for pid in pids for name in ("cmdline", "environ"))]
    folders = (stage.dir, server, f"{server}/data", os.getcwd())
    found = [path for folder in folders for path in glob.glob(f"{folder}/core*") if os.path.isfile(path)]
    looked_at = 0
    for path in seen:
        try:
            with open(path, "rb") as file:
                hits = len(secrets.findall(file.read()))
        except (FileNotFoundError, ProcessLookupError, PermissionError):
            continue  # the process has ended, or forbids it to everyone but root
        looked_at += 1
        found += [f"{path} ({hits} times)"] * (hits > 0)
    return found, (f"no password and no hash in {len(logs)} logs, with all statements in PostgreSQL's, nor in "
                   f"{looked_at - len(logs)} command lines and environments of processes; no core file")


def main():
    options = argparse.ArgumentParser(prog="tests/long/faults/run")
    options.add_argument("--build", default=os.path.join(stages.TREE, "build"))
    options.add_argument("--share", default="1/1", help="N/M: the Nth of M shares of them")
    options.add_argument("what", nargs="*", metavar="quick|NUMBER")
    options = options.parse_args()
    full = "quick" not in options.what
    numbers = {int(word) for word in options.what if word != "quick"}
    share, shares = map(int, options.share.split("/"))
    parts = [part for part in PARTS if (full or part.quick) and (not numbers or part.number in numbers)]

    with stages.Stage(options.build) as stage:
        stage.start_nginx("nginx", stage.socket)
        stand.add_caller(stage)
        group = stand.Group("nginx", stage.socket, stage.ports["nginx"], stage.log, stage.responders)
        counts = collections.Counter()
        for part in parts[share - 1 :: shares]:
            counts[outcome(part, stage, full, group)] += 1
        wrong, clean = leaks(stage)
        print(f"FAILED a password or a hash stands in {wrong}" if wrong else f"after all of it: {clean}")
        counts["failed" if wrong else "passed"] += 1
        if full:
            keep(f"after-{min(numbers, default=0)}", {"passed": not wrong, "text": clean})
    print(f"{counts['passed']} passed, {counts['failed']} failed")
    return 1 if counts["failed"] else 0


if __name__ == "__main__":
    sys.exit(main())
