"""Runs the cases and the facts. `run` starts this with a PostgreSQL."""

import concurrent.futures
import glob
import os
import subprocess
import sys

import facts
from lib import answer_check, case_file, exchange, stage as stages, verdict

HERE = os.path.dirname(os.path.abspath(__file__))


def run_case(stage, path):
    """Runs a case. Returns what is wrong, as lines of text; no lines: the case passes."""
    try:
        steps = case_file.read(path)
    except (case_file.Malformed, UnicodeDecodeError) as error:
        return [f"the file cannot be read: {error}"]
    wrong = []
    for step in steps:
        for each in step.each:
            found = run_request(stage, step, each)
            if found:
                request = step.request.line if step.request.method != "FastCGI" else "FastCGI " + " ".join(
                    step.request.fields)
                wrong += [request + (f"   each: {each}" if each is not None else "")] + ["  " + line for line in found]
    return wrong


def run_request(stage, step, each):
    expected = step.expected
    head_only = step.request.head_only(each)
    try:
        answer = step.request.send(stage, each)
        if expected.status == "any":
            return []
        reference = expected.same_as.like(step.request).send(stage, each) if expected.same_as else None
    except exchange.Closed as error:
        return [] if expected.status in ("any", "closed") else [str(error)]
    except (exchange.Broken, OSError) as error:
        return [f"{type(error).__name__}: {error}"]
    if "bare" in step.request.options:
        return answer_check.check_body(expected, answer)
    return answer_check.check(expected, answer, head_only, reference)


# Names of cases that are true of nginx alone. In the last two, nginx itself refuses, in an order of its own.
NGINX_ONLY = ("nginx_", "what_nginx_", "a_body_of_8_kib_", "a_broken_chunked_body_")


def find_cases(names, server):
    folder = os.path.join(HERE, "cases")
    if not names:
        # Cases in which the other web server itself answers are left out.
        others = {"nginx": ("apache_",), "apache": NGINX_ONLY}[server]
        return sorted(path for path in glob.glob(f"{folder}/*.case") if not os.path.basename(path).startswith(others))
    paths = [name if os.path.exists(name) else f"{folder}/{name.removesuffix('.case')}.case" for name in names]
    missing = [path for path in paths if not os.path.exists(path)]
    if missing:
        sys.exit(f"no such case: {' '.join(missing)}")
    return paths


def waits(path):
    with open(path, encoding="utf-8") as file:
        return "@to silent_responder" in file.read()


def main():
    server, build, *names = sys.argv[1:]
    paths = find_cases(names, server)
    said = verdict.Verdict()

    if not names:
        test = subprocess.run([os.path.join(HERE, "checker_test")], capture_output=True, text=True)
        wrong = (test.stdout + test.stderr).splitlines() if test.returncode else []
        said.say("the_checker_finds_what_is_wrong", *wrong)
    # Fewer cases run side by side than there are responders, so that no login waits for the hash of another one. Cases
    # that wait for a deadline have a pool of their own. The pools end last: once the servers have ended, nothing in the
    # pools waits.
    with concurrent.futures.ThreadPoolExecutor(stages.PROCESSES - 1) as pool, \
            concurrent.futures.ThreadPoolExecutor(8) as waiting, stages.Stage(build) as stage:
        stage.start_all(server)
        running = {path: (waiting if waits(path) else pool).submit(run_case, stage, path) for path in paths}
        try:
            for path in paths:
                said.say(os.path.basename(path), *running[path].result())
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            waiting.shutdown(wait=False, cancel_futures=True)
            raise
        said.say("no_responder_process_died", *(f"exit status {status}" for status in stage.ended_responders()))
        if not names:
            for fact in facts.ALL if server == "nginx" else facts.APACHE:
                said.say(fact.__name__, *facts.run(fact, stage))
    return said.close()


if __name__ == "__main__":
    sys.exit(main())
