"""Checks that answers are the contract's JSON, fast enough for hundreds of thousands of answers."""

import functools
import json
import re

from lib import answer_check, case_file, exchange, functions

UNREADABLE = "The request could not be read."
HIDDEN = "The queue does not exist, or you do not have permission to view it."
HIDDEN_DESTINATION = "The queue or destination does not exist, or you do not have permission to view it."
FUNCTIONS = functions.in_core()  # an answer names the parameters at fault in this order
PARAMETERS = sorted({name for names in FUNCTIONS.values() for name in names})
LOGIN = ("auth_username", "auth_password", "auth_token")
# (key, message) of every entry that a code may have. The other codes have one message and no key.
ENTRIES = {
    "400": {*((key, UNREADABLE) for key in ("", *LOGIN, *PARAMETERS)),
            *((key, f"The {key.replace('_', ' ')} is invalid.") for key in PARAMETERS),
            ("destination", "Specify destination or queue."),
            ("destination", "Specify destination or queue, but not both."), ("start", "The start is after the end."),
            ("interval", "The interval is too short for the period."), ("queue", "Specify queue or id, but not both."),
            ("queue", "Specify queue, or dtype and dnumber."),
            ("queue", "Specify queue, or dtype and dnumber, but not both."),
            ("id", "Specify id, or dtype, dnumber and queue."),
            ("id", "Specify id, or dtype, dnumber and queue, but not both.")},
    "404": {("", "The function does not exist."), *((key, HIDDEN) for key in ("destination", "queue", "id")),
            *((key, HIDDEN_DESTINATION) for key in ("id", "queue"))},
}
HEALTH = {200: b'{"status":"ok"}', 503: b'{"status":"unavailable"}'}
# Not among them: 500, which is always a bug of ours, and every other 5xx.
CODES = {200, 400, 401, 402, 404, 405, 413, 415, 429, 503, 504}


def expected_of(answer):
    """What the contract expects of an answer with this status and these entries, or a text that says why there is no
    such answer."""
    status = str(answer.status)
    if answer.status not in CODES:
        raise exchange.Broken(f"status {status}")
    if answer.body == HEALTH.get(answer.status):
        return case_file.Expected(status, body=answer.body.decode())
    expected = case_file.Expected(status)
    if status == "200" and answer.header("Content-Disposition"):
        # Its cells are other tests' to compare. An answer to HEAD has none.
        expected.csv = answer.body.decode().split("\r\n")[:-1] or [""]
    if status in ENTRIES and answer.body:
        try:
            found = [(entry["key"], entry["message"]) for entry in json.loads(answer.body)["responses"]]
        except (ValueError, KeyError, TypeError) as error:
            raise exchange.Broken(f"no entries: {answer.body[:200]!r}") from error
        if not found or not ENTRIES[status].issuperset(found):
            raise exchange.Broken(f"entries {found}")
        if len(found) > 1 and not any(is_part([key for key, _ in found], names) for names in FUNCTIONS.values()):
            raise exchange.Broken(f"entries in no order: {found}")
        expected.entries = found
    if status == "405":
        expected.headers = [("Allow", answer.header("Allow")[0])] if answer.header("Allow") in (
            ["GET, HEAD, POST"], ["GET, HEAD"]) else []
    return expected


def is_part(keys, names):
    """Whether the keys are some of the names, each once, in the names' order."""
    rest = iter(names)
    return all(key in rest for key in keys)


@functools.lru_cache(maxsize=50_000)
def wrong_with(status, headers, body, head_only):
    answer = exchange.Answer(status, list(headers), body)
    try:
        return "; ".join(answer_check.check(expected_of(answer), answer, head_only))
    except exchange.Broken as broken:
        return str(broken)


CHANGING = {"Date": re.compile(r"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT"),
            "X-Request-ID": re.compile(r"[0-9a-fA-F]{32}")}


def wrong(answer, head_only):
    """What is wrong with an answer that the contract covers, as text; an empty text when nothing is."""
    # Checks here what differs from answer to answer. The rest is checked once for all answers that are alike.
    headers = []
    for name, value in answer.headers:
        if name in CHANGING:
            if not CHANGING[name].fullmatch(value):
                return f"{name}: {value}"
            value = "0" * 32
        headers.append((name, value))
    return wrong_with(answer.status, tuple(headers), answer.body, head_only)


def is_own_page(answer):
    """Whether the answer is nginx's own page."""
    return not any(value.startswith(("application/json", "text/csv")) for value in answer.header("Content-Type"))
