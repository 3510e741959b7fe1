"""Runs the faults; called by `run`, which gives it a PostgreSQL."""

import argparse
import glob
import os
import subprocess
import sys
import time
import traceback

import database_faults
import stand
import web_faults
import writing_faults

PARTS = sorted(database_faults.PARTS + web_faults.PARTS + writing_faults.PARTS, key=lambda part: part.number)
COLUMNS = ("#", "fault", "callers saw", "next 200", "processes", "open files", "memory, MiB", "took", "also")
INTRODUCTION = """# Faults

Written by `make faults`, which makes each of these faults in turn and asserts what its line says: nginx, responders and
PostgreSQL are real, callers ask all the while, and each answer is compared with the contract. "next 200" is the time from
the fault's end until callers get nothing but 200. Processes, open files and memory (resident and private) are those of
the responders that the fault met, before and after.

"""


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
    """Makes the fault once, and what it did. Raises when it was not survived."""
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
    except Exception:
        print(f"  callers saw {dict(run.codes)}", flush=True)
        raise
    return run


def add_caller(stage):
    """Whose password is the marker."""
    hashed = subprocess.run(["openssl", "passwd", "-6", "-stdin"], input=stand.PASSWORD, text=True, check=True,
                            capture_output=True).stdout.strip()
    stage.psql(text=f"""set log_statement = none; set log_min_duration_statement = -1;
        insert into queue_statistics.people (customer, role, username, password)
        select customer, role, 'caller', '{hashed}' from queue_statistics.people where username = 'amy'""")


def leaks(stage):
    """The logs in which the callers' password stands."""
    found = []
    for path in [*glob.glob(f"{stage.dir}/*.log"), *glob.glob(f"{os.environ['POSTGRESQL_DIR']}/*log")]:
        with open(path, encoding="utf-8", errors="replace") as file:
            if any(stand.PASSWORD in line for line in file):
                found.append(path)
    return found


def main():
    options = argparse.ArgumentParser(prog="tests/faults/run")
    options.add_argument("--build", default=os.path.join(stand.stages.TREE, "build"))
    options.add_argument("--report")
    options.add_argument("what", nargs="*", metavar="quick|NUMBER")
    options = options.parse_args()
    full = "quick" not in options.what
    numbers = {int(word) for word in options.what if word != "quick"}
    parts = [part for part in PARTS if (full or part.quick) and (not numbers or part.number in numbers)]

    passed, failed, skipped = [], [], []
    with stand.stages.Stage(options.build) as stage:
        stage.start_nginx("nginx", stage.socket)
        add_caller(stage)
        main_group = stand.Group("nginx", stage.socket, stage.ports["nginx"], stage.log, stage.responders)
        for part in parts:
            began = time.monotonic()
            try:
                try:
                    run = make(part, stage, full, main_group)
                except stand.TooSlow as error:
                    run = make(part, stage, full, main_group)
                    run.note(f"at the second try: {error}")
            except stand.Skipped as reason:
                skipped.append((part, str(reason)))
                print(f"skip {part.number} {part.name}: {reason}", flush=True)
                continue
            except Exception as error:  # pylint: disable=broad-except; whatever it is, the fault was not survived
                failed.append((part, f"{type(error).__name__}: {error}"))
                print(f"FAILED {part.number} {part.name} ({time.monotonic() - began:.1f} s): {type(error).__name__}:",
                      error, flush=True)
                print("  " + "  ".join(traceback.format_exc().splitlines(True)[-9:-1]), flush=True)
                continue
            line = line_of(part, run, time.monotonic() - began)
            passed.append(line)
            print(" | ".join(text for text in line if text), flush=True)
        wrong = leaks(stage)
        if wrong:
            print(f"FAILED the callers' password stands in {wrong}")

    if options.report and full and not numbers:
        with open(options.report, "w", encoding="utf-8") as file:
            file.write(INTRODUCTION)
            for line in (COLUMNS, ["---"] * len(COLUMNS), *passed):
                file.write(f"| {' | '.join(line)} |\n")
            if failed:
                file.write("\nNot survived as it should be:\n\n")
                file.writelines(f"- {part.number} {part.name}: {reason}\n" for part, reason in failed)
            if skipped:
                file.write("\nLeft out where this was written:\n\n")
                file.writelines(f"- {part.number} {part.name}: {reason}\n" for part, reason in skipped)
    # The last one: no password in any log after all of it.
    print(f"{len(passed) + (not wrong)} passed, {len(failed) + bool(wrong)} failed")
    return 1 if failed or wrong else 0


if __name__ == "__main__":
    sys.exit(main())
