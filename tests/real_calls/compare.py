"""Imports a CSV of offers and compares every answer with figures that are computed here from the CSV. See `run`."""

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
DAY = 86400


def read(path):
    """The offers of the CSV, sorted by destination; start and seconds are numbers (None: unknown)."""
    def seconds(text):
        return int(text) if text else None

    def start(text):
        try:
            return Decimal(text)
        except ArithmeticError:
            return Decimal(str(datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()))

    with open(path, encoding="utf-8", newline="") as file:
        calls = [dict(row, start=start(row["start"]), in_progress=row.get("in_progress") in ("true", "t", "1"),
                      **{name: seconds(row[name]) for name in ("ringtime", "holdtime", "talktime")})
                 for row in csv.DictReader(file)]
    return sorted(calls, key=destination_of)


def destination_of(call):
    return call["queue"].encode(), call["dtype"].encode(), call["dnumber"].encode()


def shortest(number):
    """An average as the answer writes it: 12, 12.5, 12.34."""
    text = str(number.quantize(Decimal("0.01"), ROUND_HALF_UP))
    return text.rstrip("0").rstrip(".")


def durations(name, calls):
    known = [call[name] for call in calls if call[name] is not None]
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


def table(build, *arguments):
    """What a `list` of the administration command prints: one dictionary per line."""
    printed = subprocess.run([f"{build}/queue-statistics", *arguments], check=True, capture_output=True,
                             text=True).stdout
    return list(csv.DictReader(printed.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE))


def ask(port, **parameters):
    """`data` of the answer. Objects are lists of pairs, and numbers are text, so that order and spelling count too."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/api/json/queues/destinations/statistics/get/?" + urllib.parse.urlencode(parameters),
        headers={"Authorization": "Basic " + base64.b64encode(b"tester:secret").decode()})
    with urllib.request.urlopen(request, timeout=15) as answer:
        pairs = json.loads(answer.read(), parse_int=str, parse_float=str, object_pairs_hook=list)
    assert [name for name, _ in pairs] == ["responses", "data"], pairs
    return pairs[1][1]


def prepare(build, path):
    """Makes a customer and imports the customer's offers twice. Exits when a command fails."""
    def admin(*arguments, text=None):
        done = subprocess.run([f"{build}/queue-statistics", *arguments], input=text, capture_output=True, text=True)
        if done.returncode:
            sys.exit(f"queue-statistics {' '.join(arguments)}: exit {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout.strip()

    customer = admin("customer", "add", "Real calls")
    admin("person", "add", "--customer", customer, "--role", "User", "tester", text="secret\n")
    for _ in range(2):
        admin("import", "csv", "--customer", customer, path)


def main():
    build, path = sys.argv[1:]
    calls = read(path)
    days = sorted({int(call["start"]) // DAY * DAY for call in calls})
    # One day without calls before the first, and one after the last, have answers too.
    periods = [{}] + [{"start": day, "end": day + DAY} for day in (days[0] - DAY, *days, days[-1] + DAY)]
    check = verdict.Verdict().check
    with stages.Stage(build, data=os.devnull) as stage:
        prepare(build, path)
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
    sys.exit(check.__self__.close())


main()
