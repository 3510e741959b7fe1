"""Checks that answers are the contract's JSON, fast enough for hundreds of thousands of answers."""

import functools
import json
import re

from lib import answer_check, case_file, exchange

KNOWN = {"destination", "queue"}
UNREADABLE = "The request could not be read."
# (key, message) of every entry that a code may have. The other codes have one message and no key.
ENTRIES = {
    "400": {("", UNREADABLE), *((key, UNREADABLE) for key in ("auth_username", "auth_password", "destination", "queue",
                                                              "start", "end")),
            *((key, f"The {key} is invalid.") for key in ("destination", "queue", "start", "end")),
            ("destination", "Specify destination or queue."),
            ("destination", "Specify destination or queue, but not both."), ("start", "The start is after the end.")},
    "404": {("", "The function does not exist."),
            *((key, "The queue does not exist, or you do not have permission to view it.") for key in KNOWN)},
}
ORDER = ["destination", "queue", "start", "end"]
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
    if status in ENTRIES and answer.body:
        try:
            found = [(entry["key"], entry["message"]) for entry in json.loads(answer.body)["responses"]]
        except (ValueError, KeyError, TypeError) as error:
            raise exchange.Broken(f"no entries: {answer.body[:200]!r}") from error
        if not found or not ENTRIES[status].issuperset(found):
            raise exchange.Broken(f"entries {found}")
        keys = [ORDER.index(key) for key, _ in found] if len(found) > 1 else []
        if keys != sorted(set(keys)):
            raise exchange.Broken(f"entries in no order: {found}")
        expected.entries = found
    if status == "405":
        expected.headers = [("Allow", answer.header("Allow")[0])] if answer.header("Allow") in (
            ["GET, HEAD, POST"], ["GET, HEAD"]) else []
    return expected


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
    return not any(value.startswith("application/json") for value in answer.header("Content-Type"))
