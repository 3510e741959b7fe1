"""Imports CSV files of offers and callers, and compares every answer with figures that are computed here. See `run`."""

import base64
import csv
import datetime
import itertools
import json
import os
import subprocess
import sys
import urllib.parse
import urllib.request
from decimal import ROUND_HALF_UP, Decimal

from lib import stage as stages, verdict

OUTCOMES = ("no_answer", "busy", "cancelled", "answered_elsewhere", "failed")
LEFT = ("abandoned", "timeout", "key", "empty", "other", "refused")
LEVELS = (3, 5, 10, 15, 20, 25, 30, 45, 60, 90, 120, 180, 240, 300, 600, 900)
HOUR, DAY = 3600, 86400


def read(path, start, *durations_of):
    """The calls of the CSV; the column `start` and the durations are numbers (None: unknown)."""
    def moment(text):
        try:
            return Decimal(text)
        except ArithmeticError:
            return Decimal(str(datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()))

    with open(path, encoding="utf-8", newline="") as file:
        return [row | {"start": moment(row[start]), "in_progress": row.get("in_progress") in ("true", "t", "1")} |
                {name: int(row[name]) if row[name] else None for name in durations_of}
                for row in csv.DictReader(file)]


def destination_of(call):
    return call["queue"].encode(), call["dtype"].encode(), call["dnumber"].encode()


def shortest(number):
    """An average as the answer writes it: 12, 12.5, 12.34."""
    text = str(number.quantize(Decimal("0.01"), ROUND_HALF_UP))
    return text.rstrip("0").rstrip(".")


def durations(name, calls, column=None):
    known = [call[column or name] for call in calls if call[column or name] is not None]
    average = shortest(Decimal(sum(known)) / len(known)) if known else None
    values = (sum(known), min(known, default=None), max(known, default=None), average)
    return [(f"{name}_{what}", value) for what, value in zip(("sum", "min", "max", "avg"), values)]


def statistics(calls):
    """The fields of the answer in its order, with numbers as the text that JSON has for them."""
    answered = [call for call in calls if call["outcome"] == "answered"]
    starts = [int(call["start"]) for call in calls]
    fields = [("calls", len(calls)), *durations("talktime", answered), ("calls_answered", len(answered)),
              ("calls_in_progress", sum(call["in_progress"] for call in answered)),
              *((f"calls_{outcome}", sum(call["outcome"] == outcome for call in calls)) for outcome in OUTCOMES),
              *durations("ringtime", calls), *durations("holdtime", answered),
              ("first_call", min(starts, default=None)), ("last_call", max(starts, default=None))]
    return [(name, None if value is None else str(value)) for name, value in fields]


def percentage(part, whole):
    return shortest(Decimal(100 * part) / whole) if whole else None


def caller_statistics(calls, levels, short):
    """The same for callers."""
    def of(*outcomes):
        return [call for call in calls if call["outcome"] in outcomes]

    def within(outcome, seconds):
        return sum(call["waittime"] is not None and call["waittime"] <= seconds for call in of(outcome))

    answered, abandoned, waiting = of("answered"), of("abandoned"), of("waiting")
    entered = [call for call in calls if call["outcome"] != "refused"]
    starts = [int(call["start"]) for call in entered]
    served = len(entered) - len(waiting) - within("abandoned", short)
    fields = [("calls", len(entered)), ("calls_answered", len(answered)),
              ("calls_in_progress", sum(call["in_progress"] for call in answered)), ("calls_waiting", len(waiting)),
              *((f"calls_{outcome}", len(of(outcome))) for outcome in LEFT),
              *durations("talktime", answered), *durations("holdtime", answered, "waittime"),
              *durations("abandontime", abandoned, "waittime"), *durations("waittime", calls),
              ("waiting_since", min((int(call["start"]) for call in waiting), default=None)),
              ("first_call", min(starts, default=None)), ("last_call", max(starts, default=None)),
              ("calls_abandoned_short", within("abandoned", short))]
    fields = [(name, None if value is None else str(value)) for name, value in fields]
    return fields + [("service_levels", [
        [("seconds", str(level)), ("calls_answered", str(within("answered", level))),
         ("calls_abandoned", str(within("abandoned", level))),
         ("percent", percentage(within("answered", level), served))] for level in levels])]


def table(build, *arguments):
    """What a `list` of the administration command prints: one dictionary per line."""
    printed = subprocess.run([f"{build}/queue-statistics", *arguments], check=True, capture_output=True,
                             text=True).stdout
    return list(csv.DictReader(printed.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE))


def ask(port, function="queues/destinations/statistics/get", **parameters):
    """`data` of the answer. Objects are lists of pairs, and numbers are text, so that order and spelling count too."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/api/json/{function}/?" + urllib.parse.urlencode(parameters),
        headers={"Authorization": "Basic " + base64.b64encode(b"tester:secret").decode()})
    with urllib.request.urlopen(request, timeout=15) as answer:
        pairs = json.loads(answer.read(), parse_int=str, parse_float=str, object_pairs_hook=list)
    assert [name for name, _ in pairs] == ["responses", "data"], pairs
    return pairs[1][1]


def prepare(build, offers, callers):
    """Makes a customer and imports the customer's calls twice. Exits when a command fails."""
    def admin(*arguments, text=None):
        done = subprocess.run([f"{build}/queue-statistics", *arguments], input=text, capture_output=True, text=True)
        if done.returncode:
            sys.exit(f"queue-statistics {' '.join(arguments)}: exit {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout.strip()

    customer = admin("customer", "add", "Real calls")
    admin("person", "add", "--customer", customer, "--role", "User", "tester", text="secret\n")
    for _ in range(2):
        admin("import", "csv", "--customer", customer, offers)
        admin("import", "callers", "--customer", customer, callers)


def compare_callers(callers, queues, port, check):
    """Asks for the callers of each queue, with each service level."""
    everything = {"start": 0, "end": 253402300799}
    for queue, of_queue in itertools.groupby(callers, key=lambda call: call["queue"]):
        of_queue = list(of_queue)
        starts = {length: {(int(call["start"]) - shift) // length * length + shift for call in of_queue}
                  for length, shift in ((DAY, 0), (HOUR, 0))}
        halves = {(int(call["start"]) - HOUR // 2) // HOUR * HOUR + HOUR // 2 for call in of_queue}
        periods = [everything] + [{"start": start, "end": start + DAY} for start in sorted(starts[DAY])]
        periods += [{"start": start, "end": start + HOUR} for start in sorted(starts[HOUR] | halves)]
        for period, i in itertools.product(periods, range(0, len(LEVELS), 5)):
            levels, short = LEVELS[i:i + 5], (0, *LEVELS)[(i + len(of_queue) + period["start"]) % 17]
            inside = [call for call in of_queue if period["start"] <= call["start"] < period["end"]]
            check(f"callers of {queue} {period} {levels} {short}", caller_statistics(inside, levels, short),
                  ask(port, "queues/statistics/get", id=queues[queue], short_abandon=short,
                      service_level=",".join(map(str, levels)), **period))


def main():
    build, path, of_callers = sys.argv[1:]
    calls = sorted(read(path, "start", "ringtime", "holdtime", "talktime"), key=destination_of)
    callers = sorted(read(of_callers, "entered", "waittime", "talktime"), key=lambda call: call["queue"])
    days = sorted({int(call["start"]) // DAY * DAY for call in calls})
    # One day without calls before the first, and one after the last, have answers too.
    periods = [{}] + [{"start": day, "end": day + DAY} for day in (days[0] - DAY, *days, days[-1] + DAY)]
    check = verdict.Verdict().check
    with stages.Stage(build, data=os.devnull) as stage:
        prepare(build, path, of_callers)
        stage.start_nginx("nginx", stage.socket)
        queues = {row["name"]: row["id"] for row in table(build, "queue", "list")}
        for queue, of_queue in itertools.groupby(calls, key=lambda call: call["queue"]):
            ids = {(row["dtype"], row["dnumber"]): row["id"]
                   for row in table(build, "destination", "list", "--queue", queues[queue])}
            of_queue = list(of_queue)
            for period in periods:
                inside = [call for call in of_queue
                          if period.get("start", 0) <= call["start"] < period.get("end", call["start"] + 1)]
                expected = []
                for key, every in itertools.groupby(of_queue, key=lambda call: (call["dtype"], call["dnumber"])):
                    of_destination = [call for call in inside if (call["dtype"], call["dnumber"]) == key]
                    figures = statistics(of_destination)
                    check(f"destination {key} {period}", figures,
                          ask(stage.ports["nginx"], destination=ids[key], **period))
                    expected.append([("dtype", key[0]), ("dnumber", key[1]), ("destination", ids[key]), *figures])
                check(f"queue {queue} {period}", expected, ask(stage.ports["nginx"], queue=queues[queue], **period))
        compare_callers(callers, queues, stage.ports["nginx"], check)
    sys.exit(check.__self__.close())


main()
