"""Compares an answer with what a case expects. Returns every difference as a line of text; no lines: it is right."""

import difflib
import json
import re

# The contract's table of codes, written down a second time, because the table of the product is what is tested.
MESSAGES = {
    "401": "The authentication details provided are invalid.",
    "402": "Your role does not allow this.",
    "405": "Use GET, HEAD or POST.",
    "413": "The request is too large.",
    "415": "Send the parameters as application/x-www-form-urlencoded.",
    "429": "Too many failed attempts. Try again later.",
    "500": "An internal error occurred.",
    "503": "The service is unavailable. Try again later.",
    "504": "The database took too long to answer.",
}

# Headers of every answer, and headers of some codes. No others may be there, but the three that nginx adds.
ALWAYS = {
    "Content-Type": r"application/json; charset=utf-8",
    "Content-Length": r"\d+",
    "Cache-Control": r"no-store",
    "X-Content-Type-Options": r"nosniff",
    "X-Request-ID": r"[0-9a-f]{32}",
}
BY_CODE = {
    "WWW-Authenticate": ({"401"}, r'Basic realm="queue statistics", charset="UTF-8"'),
    "Allow": ({"405"}, r"GET, HEAD, POST"),
    "Retry-After": ({"429", "503"}, r"[1-9]\d*"),
}
OF_CSV = {
    "Content-Type": r"text/csv; charset=utf-8; header=present",
    "Content-Disposition": r'attachment; filename="[A-Za-z0-9._-]+\.csv"',
}
NGINX = {"Server", "Date", "Connection"}


class Number(str):
    """A number as it is written: 12, 12.0 and 12.50 are three."""

    def __repr__(self):
        return str(self)


def parse_json(text):
    """Reads JSON and keeps what a comparison could miss: the order of keys, repeated keys, the spelling of numbers."""

    def refuse(constant):
        raise ValueError(f"{constant} is not JSON")

    return json.loads(text, object_pairs_hook=lambda pairs: {"pairs": pairs}, parse_int=Number, parse_float=Number,
                      parse_constant=refuse)


def lines_of(value, indent=""):
    """The value as lines of text. Two values that differ have lines that differ."""
    deeper = indent + "  "
    if isinstance(value, dict):
        inner = [[f"{deeper}{json.dumps(key)}: "] + lines_of(item, deeper) for key, item in value["pairs"]]
        return ["{"] + [text for item in inner for text in [item[0] + item[1], *item[2:]]] + [indent + "}"]
    if isinstance(value, list):
        inner = [lines_of(item, deeper) for item in value]
        return ["["] + [text for item in inner for text in [deeper + item[0], *item[1:]]] + [indent + "]"]
    return [str(value) if isinstance(value, Number) else json.dumps(value, ensure_ascii=False)]


def differences(title, expected, got):
    if expected == got:
        return []
    diff = difflib.ndiff(expected, got)
    return [f"{title}: (- expected, + got)"] + ["  " + line for line in diff if line[:1] != "?"]


def expected_body(expected):
    """The lines of the body that the case asks for, or None when any data will do."""
    if expected.body is not None:
        return lines_of(parse_json(expected.body))
    if expected.status == "200":
        if expected.data is None:
            return None
        envelope = '{"responses": [{"code": "200", "key": "", "message": "OK"}], "data": %s}'
        return lines_of(parse_json(envelope % expected.data))
    entries = expected.entries or [("", MESSAGES.get(expected.status, ""))]
    responses = [{"code": expected.status, "key": key, "message": message} for key, message in entries]
    return lines_of(parse_json(json.dumps({"responses": responses}, ensure_ascii=False)))


def check(expected, answer, head_only=False, reference=None):
    """What is wrong with the answer. reference: the answer to the request after `same as`, when the case has one."""
    wrong = []
    if str(answer.status) != expected.status:
        wrong.append(f"status: expected {expected.status}, got {answer.status}")
    for name, value in expected.headers:
        if answer.header(name) != ([] if value is None else [value]):
            wrong.append(f"header {name}: expected {value or 'none'}, got {', '.join(answer.header(name)) or 'none'}")
    if expected.by_nginx:
        return wrong
    wrong += check_headers(expected, answer)
    if reference and not wrong:
        wrong += check_same(answer, reference, head_only)
    if not head_only:
        wrong += check_body(expected, answer)
    return wrong


def check_headers(expected, answer):
    wrong = []
    rules = dict(ALWAYS)
    rules.update({name: pattern for name, (codes, pattern) in BY_CODE.items() if expected.status in codes})
    if expected.csv:
        rules.update(OF_CSV)
    for name, _ in expected.headers:
        rules.pop(name, None)  # check() has compared it already
    for name, pattern in rules.items():
        values = answer.header(name)
        if len(values) != 1 or not re.fullmatch(pattern, values[0]):
            wrong.append(f"header {name}: expected {pattern}, got {', '.join(values) or 'none'}")
    known = {name.lower() for name in NGINX | rules.keys() | {name for name, _ in expected.headers}}
    wrong += [f"header {name}: expected none, got {value}" for name, value in answer.headers
              if name.lower() not in known]
    return wrong


def check_same(answer, reference, head_only):
    def rest(headers):
        return sorted(f"{name}: {value}" for name, value in headers if name not in ("Date", "X-Request-ID"))

    wrong = differences("headers differ from those of the other request", rest(reference.headers), rest(answer.headers))
    if reference.status != answer.status:
        wrong.append(f"status: the other request got {reference.status}, this one {answer.status}")
    if not head_only and reference.body != answer.body:
        wrong += differences("body differs from that of the other request", reference.body.decode(errors="replace")
                             .splitlines(), answer.body.decode(errors="replace").splitlines()) or ["body: other bytes"]
    return wrong


def check_body(expected, answer):
    if expected.csv:
        lines = answer.body.decode().split("\r\n")
        return differences("CSV", [*expected.csv, ""], lines)
    try:
        body = parse_json(answer.body.decode())
    except ValueError as error:
        return [f"body: no JSON ({error}): {answer.body[:300]!r}"]
    lines = expected_body(expected)
    if lines is not None:
        return differences("body", lines, lines_of(body))
    pairs = body["pairs"] if isinstance(body, dict) else []
    ok = parse_json('[{"code": "200", "key": "", "message": "OK"}]')
    if [key for key, _ in pairs] != ["responses", "data"] or pairs[0][1] != ok:
        return ["body: expected OK and data"] + ["  " + line for line in lines_of(body)]
    return []
