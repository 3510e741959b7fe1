"""Runs the cases and the facts; called by `run`, which gives it a PostgreSQL."""

import concurrent.futures
import glob
import os
import subprocess
import sys

import answer_check
import case_file
import exchange
import facts
import stage as stages


def run_case(stage, path):
    """What is wrong, as lines of text; none when the case passes."""
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


def find_cases(names):
    folder = os.path.join(stages.HERE, "cases")
    if not names:
        return sorted(glob.glob(f"{folder}/*.case"))
    paths = [name if os.path.exists(name) else f"{folder}/{name.removesuffix('.case')}.case" for name in names]
    missing = [path for path in paths if not os.path.exists(path)]
    if missing:
        sys.exit(f"no such case: {' '.join(missing)}")
    return paths


def waits(path):
    with open(path, encoding="utf-8") as file:
        return "@to silent_responder" in file.read()


def main():
    build, *names = sys.argv[1:]
    paths = find_cases(names)
    results = []  # (name, what is wrong)

    def report(name, wrong):
        results.append(wrong)
        if wrong:
            print(f"FAILED {name}", *("  " + line for line in wrong), sep="\n", flush=True)

    if not names:
        test = subprocess.run([os.path.join(stages.HERE, "checker_test")], capture_output=True, text=True)
        report("the_checker_finds_what_is_wrong", test.returncode and (test.stdout + test.stderr).splitlines())
    # Fewer cases side by side than processes, so that no login waits for another one's hash. Those that wait for a
    # deadline stand in a pool of their own. The pools are left last: once the servers have ended nothing in them waits.
    with concurrent.futures.ThreadPoolExecutor(stages.PROCESSES - 1) as pool, \
            concurrent.futures.ThreadPoolExecutor(8) as waiting, stages.Stage(build) as stage:
        stage.start_all_nginx()
        running = {path: (waiting if waits(path) else pool).submit(run_case, stage, path) for path in paths}
        try:
            for path in paths:
                report(os.path.basename(path), running[path].result())
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            waiting.shutdown(wait=False, cancel_futures=True)
            raise
        report("no_responder_process_died", [f"exit status {status}" for status in stage.ended_responders()])
        if not names:
            for fact in facts.ALL:
                report(fact.__name__, facts.run(fact, stage))
    failed = sum(1 for wrong in results if wrong)
    print(f"{len(results) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
