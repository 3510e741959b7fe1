"""Asks for random series and profiles, and compares. See `run`."""

import concurrent.futures
import csv
import http.client
import io
import json
import os
import random
import subprocess
import sys
import threading
import time
import urllib.parse
from decimal import ROUND_HALF_UP, Decimal

import dashboard
import spreadsheet
import zones
from lib import psql, stage as stages, verdict
from zones import DAY, HOUR

OFFERS, CALLERS = "queues/destinations/statistics/get", "queues/statistics/get"
LIMITS = (3, 5, 10, 15, 20, 25, 30, 45, 60, 90, 120, 180, 240, 300, 600, 900)
SERIES = ("15min", "hour", "day", "week", "month")
LENGTHS = {"15min": 900, "hour": HOUR, "day": DAY, "week": 7 * DAY, "month": 30 * DAY}
WHO = ("dtype", "dnumber", "destination")
OWN = ("start", "end", "weekday", "hour", "seconds", *WHO)  # fields that are not figures
# What a spreadsheet would run, or a reader of CSV get wrong; and what CSV shows instead.
NUMBERS = {"=1+1": "'=1+1", "-2+3": "'-2+3", "@SUM(1)": "'@SUM(1)", "+49301234": "+49301234", "+1-2": "'+1-2",
           "+": "'+", "=phone": "'=phone", "\t=1": "'\t=1", "a,b": "a,b", 'x"y': 'x"y', "=\"x\",1": "'=\"x\",1",
           "007": "007", " =1": " =1", "é'": "é'"}
# Calls lie in clusters around the remarkable times, and everywhere else. Queues 1 and 2 have the same calls; the second
# one is rolled up in buckets of four hours.
DATA = """
insert into queue_statistics.queues (id, customer, name)
values (1, 1, 'a'), (2, 1, 'b'), (3, 1, 'none'), (4, 1, 'live');
"""


class Client:
    """One connection after the other: the responders close them."""

    def __init__(self, port):
        self.port = port

    def send(self, function, method="GET", **parameters):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            query = urllib.parse.urlencode(parameters | {"auth_username": "tester", "auth_password": "secret"})
            connection.request(method, f"/api/json/{function}/?{query}")
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            connection.close()

    def data(self, function, **parameters):
        status, _, body = self.send(function, **parameters)
        if status != 200:
            raise AssertionError(f"{function} {parameters}: {status} {body[:300]!r}")
        return json.loads(body, parse_float=Decimal)["data"]


def figures(row):
    return {name: value for name, value in row.items() if name not in OWN}


def added_up(rows):
    """What the rows are together, without the averages and percentages, which cannot be added."""
    total = {}
    for row in rows:
        for name, value in figures(row).items():
            if name == "service_levels":
                value = [{key: level[key] for key in level if key != "percent"} for level in value]
                total[name] = value if name not in total else [
                    {key: one[key] if key == "seconds" else one[key] + other[key] for key in one}
                    for one, other in zip(total[name], value)]
            elif not name.endswith("_avg"):
                known = [number for number in (total.get(name), value) if number is not None]
                what = (min if name.endswith(("_min", "first_call", "waiting_since")) else
                        max if name.endswith(("_max", "last_call")) else sum)
                total[name] = what(known) if known else None
    return total


def rounded(part, whole):
    if whole <= 0:
        return None
    return (Decimal(part) / whole).quantize(Decimal("0.01"), ROUND_HALF_UP)


def percentages(row):
    """service_levels as they follow from the other figures of the row."""
    whole = row["calls"] - row["calls_waiting"] - row.get("calls_abandoned_short", 0)
    return [level | {"percent": rounded(100 * level["calls_answered"], whole)} for level in row["service_levels"]]


def without_averages(total):
    return added_up([total])


class Test:
    def __init__(self, client, rng):
        self.client, self.rng, self.said = client, rng, verdict.Verdict()
        self.names = zones.names()
        self.answers = 0

    def check(self, name, expected, got):
        self.answers += 1
        return self.said.check(name, expected, got)

    def zone_and_moment(self, number):
        if number < 4 * len(zones.REMARKABLE):
            return zones.REMARKABLE[number % len(zones.REMARKABLE)]
        zone = self.rng.choice(self.names)
        if self.rng.random() < 0.5:
            return zone, self.rng.choice(zones.stretches(zone)[1:] or [(self.rng.randrange(0, 4 * 10**9), 0)])[0]
        return zone, self.rng.randrange(DAY, 4 * 10**9)

    def period(self, interval, moment, most):
        """A period around or near the moment, of some of the buckets that may be asked for."""
        if interval in zones.PROFILES:
            length = int(self.rng.random() ** 3 * 400 * DAY)
        else:
            length = int(LENGTHS[interval] * most * self.rng.random() ** 4 * 0.97)
        start = max(0, moment - int(length * self.rng.random()))
        return start, min(start + length, zones.LAST - 40 * DAY)

    def question(self, number):
        zone, moment = self.zone_and_moment(number)
        function = self.rng.choice((OFFERS, OFFERS, CALLERS))
        queue = self.rng.choice((1, 2))
        asked, most, intervals = {"queue": queue}, 1000, SERIES + zones.PROFILES
        if function == CALLERS:
            if self.rng.random() < 0.5:
                asked["service_level"] = ",".join(map(str, self.rng.sample(LIMITS, self.rng.randrange(1, 6))))
            if self.rng.random() < 0.5:
                asked["short_abandon"] = self.rng.choice((0, *LIMITS))
        elif self.rng.random() < 0.6:
            asked = {"destination": queue * 100 + self.rng.randrange(5)}
        else:
            most, intervals = 100, SERIES
        interval = self.rng.choice(intervals)
        start, end = self.period(interval, moment, most)
        whole = asked | {"start": start, "end": end}
        try:
            rows = self.client.data(function, **whole, interval=interval, timezone=zone)
            name = f"{function} {whole | {'interval': interval, 'timezone': zone}}"
            if interval in zones.PROFILES:
                self.profile(name, function, whole, interval, zone, rows)
            elif "queue" in asked and function == OFFERS:
                self.buckets_of_queue(name, function, whole, interval, zone, rows)
            else:
                self.series(name, function, whole, interval, zone, rows)
            if number % 4 == 0:
                self.csv(name, function, whole | {"interval": interval, "timezone": zone}, rows, zone)
        except Exception as error:  # pylint: disable=broad-except
            self.said.say(f"{function} {whole} {interval} {zone}", f"{type(error).__name__}: {error}")

    def sums(self, name, rows, total):
        if not rows:
            self.check(name + ": no rows, no calls", 0, total["calls"])
            return
        self.check(name + ": rows add up", without_averages(total), added_up(rows))
        for row in (total, *rows):
            if "service_levels" in row and row["service_levels"] != percentages(row):
                self.check(name + ": percentages", percentages(row), row["service_levels"])

    def some(self, rows):
        """A few rows, those with calls first."""
        with_calls = [row for row in rows if row["calls"]]
        return self.rng.sample(with_calls, min(5, len(with_calls))) + self.rng.sample(rows, min(2, len(rows)))

    def series(self, name, function, whole, interval, zone, rows):
        edges = zones.edges(zone, interval, whole["start"], whole["end"])
        self.check(name + ": edges", list(zip(edges, edges[1:])), [(row["start"], row["end"]) for row in rows])
        self.sums(name, rows, self.client.data(function, **whole))
        for row in self.some(rows):
            again = whole | {"start": row["start"], "end": row["end"]}
            self.check(f"{name}: its row {row['start']}", figures(row), self.client.data(function, **again))
            self.check(f"{name}: its row {row['start']} as a series", [row],
                       self.client.data(function, **again, interval=interval, timezone=zone))

    def profile(self, name, function, whole, interval, zone, rows):
        cells = zones.cells(zone, interval, whole["start"], whole["end"])
        self.check(name + ": cells", [(*cell, seconds) for cell, seconds in cells.items()],
                   [(row.get("weekday"), row.get("hour"), row["seconds"]) for row in rows])
        self.sums(name, rows, self.client.data(function, **whole))
        if whole["end"] - whole["start"] > 7 * DAY:
            return
        # Each cell is what the hours of a series are together.
        hours = []
        edges = zones.edges(zone, "hour", whole["start"], whole["end"])
        for start, end in zip(edges[::900], [*edges[900::900], edges[-1]]):
            part = whole | {"start": start, "end": end, "interval": "hour", "timezone": zone}
            hours += self.client.data(function, **part)
        for row in rows:
            of_row = (row.get("weekday"), row.get("hour"))
            of_cell = [hour for hour in hours if self.cell(zone, interval, hour) == of_row]
            if of_cell:
                self.check(name + ": a cell is the sum of hours", added_up(of_cell), without_averages(row))

    @staticmethod
    def cell(zone, interval, row):
        return next(cell for cell, seconds in zones.cells(zone, interval, row["start"], row["start"] + 1).items()
                    if seconds)

    def buckets_of_queue(self, name, function, whole, interval, zone, rows):
        edges = zones.edges(zone, interval, whole["start"], whole["end"])
        self.check(name + ": in order, and of buckets",
                   sorted(rows, key=lambda row: (row["start"], row["dtype"].encode(), row["dnumber"].encode())),
                   [row for row in rows if (row["start"], row["end"]) in set(zip(edges, edges[1:]))])
        total = {row["destination"]: row for row in self.client.data(function, **whole) if row["calls"]}
        self.check(name + ": destinations", set(total), {row["destination"] for row in rows})
        for destination, row in total.items():
            self.sums(name, [one for one in rows if one["destination"] == destination], row)
        for start, end in self.rng.sample(list(zip(edges, edges[1:])), min(3, len(edges) - 1)):
            again = self.client.data(function, **(whole | {"start": start, "end": end}))
            self.check(name + ": its bucket", [{"start": start, "end": end} | row for row in again if row["calls"]],
                       [row for row in rows if row["start"] == start])

    def csv(self, name, function, parameters, rows, zone=None):
        status, headers, body = self.client.send(function, **parameters, format="csv")
        self.check(name + ": CSV", (200, "text/csv; charset=utf-8; header=present", str(len(body))),
                   (status, headers["Content-Type"], headers["Content-Length"]))
        status, of_head, nothing = self.client.send(function, "HEAD", **parameters, format="csv")
        same = ("Content-Type", "Content-Length", "Content-Disposition", "Cache-Control", "X-Content-Type-Options")
        self.check(name + ": HEAD", (200, b"", [headers[key] for key in same]),
                   (status, nothing, [of_head[key] for key in same]))
        read = list(csv.DictReader(io.StringIO(body.decode(), newline=""), strict=True))
        self.check(name + ": CSV is JSON", [self.flat(row, zone) for row in rows], read)
        self.check(name + ": lines end with CRLF", (body.count(b"\n"), True), (len(rows) + 1, body.endswith(b"\r\n")))

    @staticmethod
    def flat(row, zone):
        """A row of JSON as csv reads that of CSV."""
        fields = {}
        for name, value in row.items():
            if name == "service_levels":
                for level in value:
                    fields[f"calls_answered_within_{level['seconds']}"] = level["calls_answered"]
                    fields[f"calls_abandoned_within_{level['seconds']}"] = level["calls_abandoned"]
                    fields[f"service_level_{level['seconds']}"] = level["percent"]
                continue
            fields[name] = NUMBERS.get(value, value) if name in ("dtype", "dnumber") else value
            if name == "start" and zone:
                fields["start_local"] = zones.local(zone, value)
        return {name: "" if value is None else str(value) for name, value in fields.items()}


def calls(rng):
    """Rows of offers and callers of one queue, as SQL without the queue: (destination - 100 * queue, ...)."""
    offers, callers = [], []
    moments = [moment for _, moment in zones.REMARKABLE]
    for number in range(6000):
        time_ = rng.randrange(0, zones.LAST - 40 * DAY)
        if number % 5:
            time_ = rng.choice(moments) + int(rng.uniform(-1, 1) ** 3 * 30 * DAY)
        if rng.random() < 0.3:
            time_ -= time_ % 900
        at = f"to_timestamp({max(0, time_)}{rng.choice(('', '.999999', '.5'))})"
        number_or_null = lambda most: rng.choice(("null", rng.randrange(most)))
        outcome = rng.choice(("answered", "answered", "no_answer", "busy", "cancelled", "answered_elsewhere", "failed"))
        answered = outcome == "answered"
        talks = answered and rng.random() < 0.1
        offers.append(f"({min(int(rng.random() ** 2 * 13), 12)}, {at}, "
                      f"{'null' if outcome == 'busy' else number_or_null(60)}, "
                      f"{number_or_null(300) if answered else 'null'}, "
                      f"{number_or_null(900) if answered and not talks else 'null'}, '{outcome}', {talks})")
        outcome = rng.choice(("answered", "answered", "abandoned", "timeout", "key", "empty", "other", "waiting",
                              "refused"))
        answered = outcome == "answered"
        talks = answered and rng.random() < 0.1
        callers.append(f"({at}, {number_or_null(1000) if outcome not in ('waiting', 'refused') else 'null'}, "
                       f"{number_or_null(900) if answered and not talks else 'null'}, '{outcome}', {talks})")
    return offers, callers


def fill(rng):
    script = [DATA]
    for queue in (1, 2, 4):
        for n, number in enumerate(NUMBERS):
            script.append("insert into queue_statistics.queue_destinations (id, queue, dtype, dnumber, removed) values "
                          f"({queue * 100 + n}, {queue}, '{'=phone' if n == 3 else 'phone'}', {psql.quoted(number)}, "
                          f"{'now()' if n == 4 else 'null'});")
    offers, callers = calls(rng)
    for queue in (1, 2):
        if queue == 2:
            script.append("insert into queue_statistics.rollup_watermarks (queue, width, watermark)"
                          " values (2, 240, 0);")
        script.append(
            "insert into queue_statistics.queue_destination_calls (queue, destination, uniqueid, start, ringtime, "
            f"holdtime, talktime, outcome, in_progress) select {queue}, {queue * 100} + d, '', s, r, h, t, "
            "o::queue_statistics.call_outcome, p from (values " + ",\n".join(offers) + ") v (d, s, r, h, t, o, p);\n"
            "insert into queue_statistics.queue_calls (queue, uniqueid, entered, waittime, talktime, outcome, "
            f"in_progress) select {queue}, '', e, w, t, o::queue_statistics.caller_outcome, p from (values "
            + ",\n".join(callers) + ") v (e, w, t, o, p);")
    psql.run("set client_min_messages = warning;\n" + "\n".join(script))


def roll_up(until, most=1000, steps=50):
    """A step of the roll-up, or all steps until nothing is left."""
    step = f"""begin isolation level repeatable read;
        lock table queue_statistics.queue_destination_calls, queue_statistics.queue_calls in access share mode;
        lock table queue_statistics.rollup_state in share update exclusive mode nowait;
        select queue_statistics.roll_up_step({until}, {most}); commit;\n"""
    while True:
        state = psql.run(step * steps).split()
        if not state or state[-1] in ("done", "waiting"):
            return


def without_start_or_end(test):
    """The series begins with the bucket of the first call, and ends with that of the last one."""
    for function, asked in ((CALLERS, {"queue": 4}), (OFFERS, {"destination": 400}), (OFFERS, {"queue": 4})):
        client = test.client
        for limit in ({}, {"start": 5}, {"end": 2 * 10**9}):
            test.check(f"{function} {asked} {limit}: no calls, no rows", [],
                       client.data(function, **asked, **limit, interval="month"))
    psql.run("""insert into queue_statistics.queue_calls (queue, uniqueid, entered, outcome) values
        (4, '', to_timestamp(1700000000), 'waiting'), (4, '', to_timestamp(1704000000), 'waiting'),
        (4, '', to_timestamp(1710000000), 'refused');
        insert into queue_statistics.queue_destination_calls (queue, destination, uniqueid, start, outcome) values
        (4, 400, '', to_timestamp(1700000000), 'failed'), (4, 400, '', to_timestamp(1704000000), 'failed'),
        (4, 401, '', to_timestamp(1710000000), 'failed')""")
    zone = "Europe/Berlin"
    for function, asked, last in ((CALLERS, {"queue": 4}, 1710000000), (OFFERS, {"destination": 400}, 1704000000),
                                  (OFFERS, {"queue": 4}, 1710000000)):
        for interval in ("day", "week", "month"):
            if interval == "day" and asked == {"queue": 4} and function == OFFERS:
                continue  # more than 100 buckets
            everything = zones.edges(zone, interval, 0, 2 * 10**9)
            begin = max(edge for edge in everything if edge <= 1700000000)
            end = min(edge for edge in everything if edge > last)
            for limit in ({}, {"start": 1699990000}, {"end": 1710003000}):
                start, stop = limit.get("start", begin), limit.get("end", end)
                edges = zones.edges(zone, interval, start, stop)
                rows = test.client.data(function, **asked, **limit, interval=interval, timezone=zone)
                expected = list(zip(edges, edges[1:]))
                name = f"{function} {asked} {limit} {interval}: from the first call to the last"
                if asked == {"queue": 4} and function == OFFERS:
                    expected = [edge for edge in expected if any(edge[0] <= call < edge[1]
                                                                 for call in (1700000000, 1704000000, 1710000000))]
                    total = test.client.data(function, **asked, **limit)
                    test.check(name, sum(row["calls"] for row in total), sum(row["calls"] for row in rows))
                else:
                    test.sums(name, rows, test.client.data(function, **asked, **limit))
                test.check(name, expected, [(row["start"], row["end"]) for row in rows])
        status, _, body = test.client.send(function, **asked, interval="15min")
        test.check(f"{function} {asked}: too many buckets between the calls", (400, b"interval"),
                   (status, b"interval" if b'"key":"interval"' in body else body))


def refusals(test, zones_asked):
    """Every refusal is JSON, whatever the format."""
    for function in (OFFERS, CALLERS):
        for parameters, status, key in (
                ({"queue": 1, "interval": "hour", "start": 0, "end": 10**9}, 400, "interval"),
                ({"queue": 1, "timezone": "localtime"}, 400, "timezone"), ({"queue": 99999}, 404, "queue"),
                ({"queue": 99999, "interval": "month"}, 404, "queue"),
                ({"queue": 1, "start": 2, "end": 1}, 400, "start")):
            for method in ("GET", "HEAD"):
                got, headers, body = test.client.send(function, method, **parameters, format="csv")
                test.check(f"{function} {parameters}: {status}", (status, "application/json; charset=utf-8", None),
                           (got, headers["Content-Type"], headers["Content-Disposition"]))
                if method == "GET":
                    test.check(f"{function} {parameters}: {key}", key, json.loads(body)["responses"][0]["key"])
    for zone in ("localtime", "posixrules", "Factory", "right/UTC", "posix/UTC", "posix/Europe/Berlin", "europe/berlin",
                 "Europe/Berlin ", "Europe", "../UTC", "Europe/../UTC", "/usr/share/zoneinfo/UTC", "zone.tab",
                 "tzdata.zi", "leapseconds", "x" * 5000, "CET-1CEST"):
        for interval in ({}, {"interval": "day", "start": 0, "end": 1}):
            status, _, body = test.client.send(CALLERS, queue=3, timezone=zone, **interval)
            key = json.loads(body)["responses"][0]["key"]
            test.check(f"timezone {zone[:40]}", (400, "timezone"), (status, key))
    for zone in test.rng.sample(test.names, min(zones_asked, len(test.names))):
        status, _, body = test.client.send(CALLERS, queue=3, timezone=zone, interval="day", start=4070908800,
                                           end=4070908800 + 90000)
        rows = json.loads(body).get("data", [])
        edges = zones.edges(zone, "day", 4070908800, 4070908800 + 90000)
        test.check(f"timezone {zone}", (200, edges[:-1]), (status, [row["start"] for row in rows]))


def while_calls_are_written(test, seconds):
    """Calls come in, late ones too, and are rolled up. All are inserts, so figures only grow: the rows of a series lie
    between two answers without interval."""
    stop = threading.Event()
    begin = 1_790_000_000
    psql.run("delete from queue_statistics.queue_calls where queue = 4;"
             "delete from queue_statistics.queue_destination_calls where queue = 4")

    def write():
        rng = random.Random(7)
        clock = begin
        with psql.session() as session:
            while not stop.is_set():
                clock += rng.randrange(0, 4000)
                late = clock - int(rng.random() ** 8 * 60 * DAY)
                session.run(f"""insert into queue_statistics.queue_calls (queue, uniqueid, entered, outcome)
                    values (4, '', to_timestamp({late}), 'abandoned'), (4, '', to_timestamp({clock}), 'refused');
                    insert into queue_statistics.queue_destination_calls (queue, destination, uniqueid, start, outcome)
                    values (4, 400, '', to_timestamp({late}), 'failed'), (4, 401, '', to_timestamp({clock}), 'busy')""")

    def sum_up():
        while not stop.is_set():
            try:
                newest = psql.run("select extract(epoch from max(entered))::bigint / 60"
                                  " from queue_statistics.queue_calls where queue = 4")
                roll_up(newest or 0, 30, 1)
            except psql.Failed as error:
                if "lock" not in str(error) and "serialize" not in str(error):
                    raise

    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        working = [pool.submit(write), pool.submit(sum_up)]
        end = time.monotonic() + seconds
        try:
            while time.monotonic() < end:
                zone = test.rng.choice(("UTC", "Europe/Berlin", "Asia/Kathmandu"))
                for function, asked, key in ((CALLERS, {"queue": 4}, "calls_refused"), (CALLERS, {"queue": 4}, "calls"),
                                             (OFFERS, {"destination": 400}, "calls"), (OFFERS, {"queue": 4}, "calls")):
                    total = lambda: sum(row[key] for row in
                                        (lambda data: data if isinstance(data, list) else [data])(
                                            test.client.data(function, **asked)))
                    before = total()
                    interval = test.rng.choice(("week", "month"))
                    rows = test.client.data(function, **asked, interval=interval, timezone=zone)
                    got, after = sum(row[key] for row in rows), total()
                    test.check(f"while calls are written, {function} {asked} {key}: {before} <= {got} <= {after}", True,
                               before <= got <= after)
        finally:
            stop.set()
        for one in working:
            one.result()
    test.check("calls were written meanwhile", True, test.client.data(CALLERS, queue=4)["calls"] > 0)


def main():
    build, questions, seed, *_ = [*sys.argv[1:], *["300", str(time.time_ns() % 10**6)][len(sys.argv) - 2:]]
    questions, seed = int(questions), int(seed)
    print(f"seed {seed}")
    rng = random.Random(seed)
    with stages.Stage(build, data=os.devnull) as stage:
        for command in ("customer add Series", "person add --customer 1 --role User tester"):
            subprocess.run([f"{build}/queue-statistics", *command.split()], input="secret\n", text=True, check=True,
                           capture_output=True)
        fill(rng)
        roll_up(2_300_000_000 // 60)  # some calls are after the watermark
        # Some sums are dirty.
        psql.run("update queue_statistics.queue_calls set talktime = 77 where queue = 2 and talktime = 5;"
                 "update queue_statistics.queue_destination_calls set ringtime = 55 where queue = 2 and ringtime = 5;"
                 "vacuum (analyze) queue_statistics.queue_calls, queue_statistics.queue_destination_calls")
        stage.start_nginx("nginx", stage.socket)
        test = Test(Client(stage.ports["nginx"]), rng)
        without_start_or_end(test)
        refusals(test, 20 if questions <= 1000 else 10**6)
        for number in range(questions):
            test.question(number)
        while_calls_are_written(test, 3 if questions <= 1000 else 30)
        dashboard.check(test)
        if questions > 1000:
            spreadsheet.check(test)
        return test.said.close()


if __name__ == "__main__":
    sys.exit(main())
