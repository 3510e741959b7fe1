"""Questions for statistics: the responder's statements, and those that add up all calls (tests/rollup/plain)."""

import bisect
import json
import re

import lib.psql

NO_END = 253402300800
NAMES = ("queue_statistics", "destination_statistics", "caller_statistics")
TIMES = [f"{name}_{of}" for name in ("talktime", "ringtime", "holdtime") for of in ("sum", "min", "max", "known")]
COUNTS = ["answered", "in_progress", "no_answer", "busy", "cancelled", "answered_elsewhere", "failed"]
LIMITS = (3, 5, 10, 15, 20, 25, 30, 45, 60, 90, 120, 180, 240, 300, 600, 900)  # of waits, seconds


def statement(name, folder):
    text = (lib.psql.TREE / folder / f"{name}.sql").read_text()
    return re.sub(r"--.*", "", text)


def prepared():
    """Prepares all that a Question executes."""
    offers = ("o.destination, o.dtype, o.dnumber, o.removed, o.outcome, o.in_progress, o.talktime, o.ringtime,"
              " o.holdtime, floor(extract(epoch from o.start))::bigint, o.sums")
    callers = ("o.outcome, o.in_progress, o.talktime, o.waittime, floor(extract(epoch from o.entered))::bigint,"
               " o.names, o.sums")
    script = ""
    for name in NAMES:
        script += (f"prepare {name} (bigint, bigint, bigint[], integer[]) as"
                   f" select {callers if name == 'caller_statistics' else offers}"
                   f" from ({statement(name, 'sql/queries')}) o;\n")
        plain = statement(name, "tests/rollup/plain")
        if name == "caller_statistics":
            plain = f"select to_json(p) from ({plain}) p"
        script += f"prepare plain_{name} (bigint, bigint, bigint, bigint) as {plain};\n"
    return script


class Question:
    """EXECUTE of the responder's statement for the periods between `edges`, and of the statement that adds up all calls
    from the first edge until the last. What both answer must be the same. labels: of the periods, or None."""

    def __init__(self, name, identity, edges, labels=None):
        self.name, self.id, self.edges, self.labels = name, identity, edges, labels

    def ours(self):
        edges, labels = (f"'{{{','.join(map(str, each))}}}'" if each else "null" for each in (self.edges, self.labels))
        return f"execute {self.name} (1, {self.id}, {edges}, {labels});\n"

    def plain(self):
        return f"execute plain_{self.name} (1, {self.id}, {self.edges[0]}, {self.edges[-1]});\n"

    def difference(self, answers, plain):
        """What both printed, where it differs; else an empty text. answers: each question of which ours() was
        executed, with the rows, to be added up."""
        try:
            added_up = (callers_added_up if self.name == "caller_statistics" else offers_added_up)(self, answers)
        except AnotherPeriod as row:
            return f"{self.ours()}calls of another period: {row}\n"
        if self.name == "caller_statistics":
            # Without callers nothing is kept. A figure that is not kept is null, or 0 where it is a count.
            expected = json.loads(plain)
            same = added_up.keys() <= expected.keys() and all(
                added_up.get(key, None if value is None else 0) == value for key, value in expected.items())
        else:
            same = added_up == plain
        return "" if same else f"{self.ours()}ours:\n{added_up}\nall calls:\n{plain}"


class AnotherPeriod(Exception):
    """Sums have a call outside their period."""


def add(kept, values):
    """Adds a call or sums to what is kept. Values are texts or integers; an empty text is a null."""
    for key, text in values.items():
        if text == "":
            continue
        value = int(text)
        if key not in kept:
            kept[key] = value
        elif key.endswith(("_min", "first_call", "waiting_since")):
            kept[key] = min(kept[key], value)
        elif key.endswith(("_max", "last_call")):
            kept[key] = max(kept[key], value)
        else:
            kept[key] += value


def add_time(kept, name, value):
    if value:
        add(kept, {f"{name}_known": 1, **{f"{name}_{of}": value for of in ("sum", "min", "max")}})


def period_of(time, edges, labels):
    """What the calls at a time, or the sums with a time, belong to. A single period needs no time."""
    if len(edges) == 2:
        return 1
    period = bisect.bisect(edges, int(time))
    return labels[period - 1] if labels else period


def add_sums(kept, names, record, time, question):
    values = dict(zip(names, record.strip("()").split(",")))
    period = period_of(time, question.edges, question.labels)
    for call in (values["first_call"], values["last_call"]):
        if call and not (question.edges[0] <= int(call) < question.edges[-1] and
                         period_of(call, question.edges, question.labels) == period):
            raise AnotherPeriod(record)
    add(kept, {key: value for key, value in values.items() if key not in ("queue", "destination", "width", "period")})


def rows_of(answers):
    """Each row with its question."""
    return ((question, row) for question, rows in answers for row in rows.splitlines())


def offers_added_up(question, answers):
    """What offers add up to, as the rows of the plain statement."""
    destinations, sums, names = {}, {}, []
    for asked, row in rows_of(answers):
        destination, dtype, dnumber, removed, outcome, in_progress, talk, ring, hold, time, record = row.split("|")
        kept = sums.setdefault(destination, {})
        if dtype:
            destinations[destination] = (dtype, dnumber, removed)
        elif outcome:
            add(kept, {outcome: 1, "in_progress": int(in_progress == "t"), "first_call": time, "last_call": time})
            for time_name, value in (("talktime", talk), ("ringtime", ring), ("holdtime", hold)):
                add_time(kept, time_name, value)
        elif record and not destination:
            names = record.strip("()").split(",")
        elif record:
            add_sums(kept, names, record, time, asked)
    if question.name == "destination_statistics":
        return "|".join(figures(sums.get(str(question.id), {}))) + "\n"
    listed = sorted((dtype.encode(), dnumber.encode(), key)
                    for key, (dtype, dnumber, removed) in destinations.items() if removed == "f" or sums[key])
    return "".join("|".join([key, dtype.decode(), dnumber.decode(), *figures(sums[key])]) + "\n"
                   for dtype, dnumber, key in listed)


def figures(kept):
    """The columns of a plain statement of offers, as psql writes them."""
    columns = TIMES[:4] + COUNTS + TIMES[4:] + ["first_call", "last_call"]
    counts = 0 if kept else ""  # without calls all is null
    return [str(kept.get(key, counts if key in COUNTS or key.endswith("_known") else "")) for key in columns]


def callers_added_up(_question, answers):
    """What callers add up to: figure -> value."""
    kept, names = {}, []
    for asked, row in rows_of(answers):
        outcome, in_progress, talk, wait, time, is_names, record = row.split("|")
        if outcome:
            add(kept, {outcome: 1, "in_progress": int(in_progress == "t")})
            if outcome != "refused":
                add(kept, {"first_call": time, "last_call": time})
            add(kept, {"waiting_since": time} if outcome == "waiting" else {})
            add_time(kept, "talktime", talk)
            add_time(kept, "waittime", wait)
            if outcome in ("answered", "abandoned"):
                add_time(kept, {"answered": "holdtime", "abandoned": "abandontime"}[outcome], wait)
                limits = [0, *LIMITS] if outcome == "abandoned" else LIMITS
                limit = next((limit for limit in limits if wait and int(wait) <= limit), None)
                add(kept, {} if limit is None else {f"{outcome}_{limit}": 1})
        elif is_names:
            names = record.strip("()").split(",")
        elif record:
            add_sums(kept, names, record, time, asked)
    return kept
