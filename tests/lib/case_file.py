"""Reads a .case file; tests/e2e/README.md describes the format."""

import base64
import dataclasses
import itertools
import re
import time

from lib import exchange

FUNCTION = "/api/json/queues/destinations/statistics/get/"
# Every request comes from an address of its own. Else the failed logins of one case would count against the next case.
numbers = itertools.count(1)
# Makes a token of a person; lib/stage sets it.
token_of = None


def new_address():
    number = next(numbers)
    return f"127.{16 + number // 65536}.{number // 256 % 256}.{number % 256}"


@dataclasses.dataclass
class Request:
    """The request as text of the file. send() makes the bytes, once the value of `each` is known."""

    line: str
    fields: list = dataclasses.field(default_factory=list)  # header lines, or NAME=value for FastCGI
    options: dict = dataclasses.field(default_factory=dict)  # @from, @to, @role, ...
    body: str = None

    @property
    def method(self):
        return self.line.split(" ", 1)[0]

    def head_only(self, each):
        """Whether the answer must have no body."""
        if self.method == "FastCGI":
            return (b"REQUEST_METHOD", b"HEAD") in self.cgi_pairs(each)
        return self.method == "HEAD"

    def send(self, stage, each):
        """Sends the request with this value in place of {each}, and returns the answer."""
        if self.method == "FastCGI":
            pairs = self.cgi_pairs(each)
            step = 1 if "byte_by_byte" in self.options else 65528
            role = int(expand(self.options.get("role", "1"), each))
            data = exchange.fastcgi_request(pairs, self.body_bytes(each), role, "abort" in self.options, step)
            return exchange.parse_cgi(exchange.fastcgi(stage.socket, data), self.head_only(each))
        data = exchange.http(stage.ports[self.options.get("to", "nginx")], self.http_bytes(each),
                             self.options.get("from") or new_address())
        if "bare" in self.options:
            return exchange.Answer(200, [], data)
        return exchange.parse_http(data, self.head_only(each))

    def like(self, other):
        """A copy of this request, with the server and the client's address of another request."""
        return dataclasses.replace(self, options={k: v for k, v in other.options.items() if k in ("to", "from")})

    def body_bytes(self, each):
        return expand(self.body or "", each)

    def http_bytes(self, each):
        if self.method == "RAW":
            return expand("".join(self.fields), each)
        line = expand(self.line.replace("/api/json/...", FUNCTION), each)
        names = [field.split(":", 1)[0].lower() for field in self.fields]
        fields = [expand(field, each) for field in self.fields]
        body = self.body_bytes(each)
        if "transfer-encoding" in names:
            step = int(self.options.get("chunk", 10))
            chunks = [body[i : i + step] for i in range(0, len(body), step)] + [b""]
            body = b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks)
        elif self.body is not None and "content-length" not in names:
            fields.append(b"Content-Length: %d" % len(body))
        if "host" not in names and "without" not in self.options:
            fields.append(b"Host: localhost")
        fields.append(b"Connection: close")
        return b"\r\n".join([line + b" HTTP/1.1", *fields, b"", b""]) + body

    def cgi_pairs(self, each):
        pairs = [tuple(expand(field, each).split(b"=", 1)) for field in self.fields]
        defaults = {"REQUEST_METHOD": "GET", "DOCUMENT_URI": FUNCTION, "QUERY_STRING": "", "REMOTE_ADDR": new_address()}
        if self.body is not None:
            defaults["CONTENT_LENGTH"] = str(len(self.body_bytes(each)))
        given = {name for name, _ in pairs} | {expand(n, each) for n in self.options.get("without", "").split()}
        return [(n.encode(), v.encode()) for n, v in defaults.items() if n.encode() not in given] + pairs


@dataclasses.dataclass
class Expected:
    status: str  # three digits, `any` (an answer or a closed connection) or `closed`
    by_nginx: bool = False  # nginx's own page: only the status and the named headers are compared
    same_as: Request = None  # a request with the same bytes as answer, but for Date and X-Request-ID
    headers: list = dataclasses.field(default_factory=list)  # (name, value); value None: the header must be absent
    entries: list = dataclasses.field(default_factory=list)  # (key, message) of a refusal
    data: str = None  # JSON text of `data`
    body: str = None  # JSON text of the whole body
    csv: list = dataclasses.field(default_factory=list)  # the first lines of the body, which is CSV


@dataclasses.dataclass
class Step:
    request: Request
    each: list  # the values for {each}; [None] when the case has no list
    expected: Expected


class Malformed(Exception):
    pass


def expand(text, each=None):
    """The bytes that a text of a case stands for, with its shorthands replaced."""
    if each is not None:
        text = text.replace("{each}", each)
    text = re.sub(r"\{token (\w+)\}", lambda m: token_of(m[1]), text)
    text = re.sub(r"\{([^{}]+)\*(\d+)\}", lambda m: m[1] * int(m[2]), text)
    text = re.sub(r"\{now([+-]\d+)\}", lambda m: f"{time.time() + int(m[1]):.3f}", text)
    text = re.sub(r"\{login (\w+)\}", r"auth_username=\1;auth_password=secret", text)
    data = re.sub(rb"\\(x[0-9A-Fa-f]{2}|[rnt\\])", unescape, text.encode())
    return re.sub(rb"\{basic ([^{}]*)\}", lambda m: b"Basic " + base64.b64encode(m[1]), data)


def unescape(match):
    code = match[1]
    if code.startswith(b"x"):
        return bytes.fromhex(code[1:].decode())
    return {b"r": b"\r", b"n": b"\n", b"t": b"\t", b"\\": b"\\"}[code]


def read(path):
    """The steps of the file."""
    with open(path, encoding="utf-8") as file:
        return parse(file.read())


def parse(text):
    if not text.startswith("# "):
        raise Malformed("the first line says what the case shows: # ...")
    steps = [parse_step(part) for part in re.split(r"^---\n", text, flags=re.M)]
    return steps


def parse_step(text):
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    while lines and not lines[0]:
        lines.pop(0)
    arrows = [i for i, line in enumerate(lines) if line.startswith("-> ")]
    if len(arrows) != 1 or arrows[0] == 0:
        raise Malformed("a step has a request and one line `-> STATUS`")
    asked, told = lines[: arrows[0]], lines[arrows[0] :]
    each = [None]
    if "each:" in asked:
        at = asked.index("each:")
        each = [line[2:] for line in asked[at + 1 :] if line]
        if not each or any(not line.startswith("  ") for line in asked[at + 1 :] if line):
            raise Malformed("`each:` is followed by values, each on a line with two spaces before it")
        asked = asked[:at]
    return Step(parse_request(asked), each, parse_expected(told))


def parse_request(lines):
    request = Request(lines[0])
    blank = lines.index("") if "" in lines else len(lines)
    for line in lines[1:blank]:
        if line.startswith("@"):
            name, _, value = line[1:].partition(" ")
            if name not in ("from", "to", "role", "abort", "byte_by_byte", "without", "chunk", "bare"):
                raise Malformed(f"unknown option {line}")
            request.options[name] = value
        else:
            request.fields.append(line)
    body = "\n".join(lines[blank + 1 :]).rstrip("\n")
    request.body = body or None
    return request


def parse_expected(lines):
    match = re.fullmatch(r"-> (\d{3}|any|closed)( by nginx)?(?: same as (GET .*))?", lines[0])
    if not match:
        raise Malformed(f"cannot read {lines[0]}")
    expected = Expected(match[1], bool(match[2]), Request(match[3]) if match[3] else None)
    for at, line in enumerate(lines[1:], 1):
        if field := re.fullmatch(r"([A-Za-z-]+): (.*)", line):
            expected.headers.append((field[1], None if field[2] == "(absent)" else field[2]))
        elif entry := re.fullmatch(r"\[(\w*)\] (.*)", line):
            expected.entries.append((entry[1], entry[2]))
        elif line.startswith("| "):
            expected.csv.append(expand(line[2:]).decode())
        elif json := re.match(r"(data|body) = ", line):
            setattr(expected, json[1], "\n".join([line[json.end() :], *lines[at + 1 :]]))
            break
        elif line:
            raise Malformed(f"cannot read {line}")
    if expected.status in ("400", "404") and not (expected.by_nginx or expected.entries):
        raise Malformed(f"{expected.status} has no words of its own: [key] message")
    return expected
