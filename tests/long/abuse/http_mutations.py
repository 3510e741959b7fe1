"""Requests that no well-behaved client sends, made from a random generator alone."""

import dataclasses
import re
import urllib.parse

import answers
from lib import case_file, stand

FUNCTION = case_file.FUNCTION
HEALTH = "/queue-statistics/health"
# ODD_...: what nginx may refuse before it chooses a location.
VALUES = [
    "", "0", "00", "1", "-1", "+1", "%2B1", "1.0", "1e3", "0x10", "abc", "NULL", "NaN", "1%20", "%201", "1--",
    "9" * 1000, "2147483648", "9223372036854775807", "9223372036854775808", "253402300799", "253402300800", "100",
    "1001", "111", "1700000000", "%", "%4", "%zz", "%C0%AF", "%ED%A0%80", "%FF", "%E2%82", "%00", "%EF%BC%91",
    "1'%20OR%20'1'='1", "%0d%0aX-Evil:1", "<script>", "%25s%25n", "a=b", "%3B%26", "%2541", "\x80\xff", "{{7*7}}",
    "../../etc/passwd", "#", "x" * 300, "y" * 600, "%F0%9F%98%80", "';drop%20table%20people--",
    "day", "weekday", "15min", "Europe/Berlin", "../../etc/localtime", "csv", "json", "20,60", "20,,60", "name",
    "phone",
]
NAMES = [
    "auth_username", "auth_password", "auth_token", *answers.PARAMETERS, "auth%5Fusername", "Queue", "destination[]",
    "callback", "_", "%zz", "", "q" * 200,
]
METHODS = ["PUT", "DELETE", "PATCH", "OPTIONS", "FOO", "PROPFIND", "A", "GETT", "X" * 200, "MKCOL"]
ODD_METHODS = ["get", "TRACE", "CONNECT", "G T", "", "GET\t", "G\0T", "PRI", "POST,GET"]
TYPES = [
    "application/x-www-form-urlencoded", "application/x-www-form-urlencoded; charset=UTF-8",
    "APPLICATION/X-WWW-FORM-URLENCODED", 'application/x-www-form-urlencoded;charset="utf-8"',
    "application/x-www-form-urlencoded; charset=latin1", "application/json", "multipart/form-data; boundary=x",
    "text/plain", "", ";", "x" * 500,
]
HEADERS = [
    "Proxy: http://192.0.2.1/", "X-Forwarded-For: 127.0.0.1", "X-HTTP-Method-Override: DELETE", "Range: bytes=0-1",
    "If-None-Match: *", "If-Modified-Since: Thu, 01 Jan 2037 00:00:00 GMT", "Accept-Encoding: gzip, br, *;q=0",
    "Accept: text/html", "Content-Type: text/html", "Content-Encoding: gzip", "Cookie: a=b; c", "Upgrade: h2c",
    "X-Request-ID: 1", "Request-Id: 0123456789abcdef0123456789abcdef", "Forwarded: for=127.0.0.1",
    "REMOTE_ADDR: 127.0.0.1", "Queued-At: 1", "X: " + "h" * 3000, "Accept-Language: \x80\xff",
    "Referer: http://x/?auth_password=1", "TE: trailers", "Expect: 200-ok", "Authorization: Bearer x",
    "Authorization: Basic", "Authorization: Basic !!!!", "Authorization: Basic YTpi",
    "Authorization: basic   YW15OnNlY3JldA==", "Connection: x",
]
ODD_HEADERS = [
    "NoColon", ": empty", "Bad Name: 1", "X\0: 1", "X: \0", "Host: second", "Content-Length: 5", "Content-Length: -1",
    "Content-Length: 99999999999999999999", "Content-Length: abc", "Transfer-Encoding: gzip",
    "Transfer-Encoding: x, chunked", "Transfer-Encoding: chunked", " folded", "X: " + "h" * 9000, "X\r: 1",
    "Expect: 100-continue",
]
PATHS = [
    "/", "/api/json/", FUNCTION + "/", FUNCTION[1:], FUNCTION.upper(), FUNCTION.replace("/get/", "/set/"),
    "/api/json/../json/queues/destinations/statistics/get/", "/%2e%2e/etc/passwd", FUNCTION.replace("/", "//"),
    FUNCTION.replace("/", "%2F"), FUNCTION + "%00", FUNCTION + "index.php", FUNCTION + ".", "/x/" + FUNCTION, "*",
    "http://", "//x/", FUNCTION.replace("statistics", "statis%74ics"), "/" + "p" * 9000, "/@queue_statistics_refusal",
    "/local" + FUNCTION, HEALTH.upper(),
]
ODD_VERSIONS = ["HTTP/2.0", "HTTP/1.9", "HTTP/0.9", "HTTP/9", "HTTPS/1.1", "http/1.1", "HTTP/1.1 x", "", "HTTP/1."]


@dataclasses.dataclass
class Mutation:
    kind: str
    data: bytes
    # nginx must choose one of the shipped locations for each of these requests, so each answer must be the contract's.
    strict: bool = True
    answers: int = 1
    heads: tuple = ()  # the indexes of the answers to HEAD
    keeps: bool = True  # the connection can be used for the next mutation
    may_wait: bool = False  # nginx may wait for more
    leave: bool = False  # the client leaves without reading
    good: bool = False  # the request is right, and must be answered 200


def login(random):
    chance = random.random()
    if chance < 0.6:
        return stand.LOGIN
    if chance < 0.75:
        return f"auth_username={random.choice(('amy', 'nobody', 'caller'))};auth_password=wrong{random.random()}"
    if chance < 0.85:
        return f"auth_username={random.choice(VALUES)};auth_password={random.choice(VALUES)}"
    return ""


def query(random):
    """A query string or form whose bytes nginx passes on."""
    what = f"{random.choice(('queue', 'destination'))}={random.choice(('100', '1001', '1002', '7'))}"
    pairs = [text for text in (login(random), what, random.choice(("start=1700000000", ""))) if text]
    for _ in range(random.choice((0, 1, 1, 2, 3))):
        what = random.randrange(7)
        at = random.randrange(len(pairs) + 1)
        if what <= 1:
            pairs.insert(at, f"{random.choice(NAMES)}={random.choice(VALUES)}")
        elif what == 2 and pairs:
            pairs.append(random.choice(pairs))
        elif what == 3 and pairs:
            del pairs[random.randrange(len(pairs))]
        elif what == 4:
            pairs[at:at] = ["x=" + "1" * random.randrange(40)] * random.choice((1, 60, 64, 70))
        elif what == 5 and pairs:
            at = random.randrange(len(pairs))
            text = pairs[at]
            cut = random.randrange(len(text) + 1)
            put = random.choice(("%", "%%", "=", "+", ";", "&", "%2", chr(random.randrange(0x80, 0x100)),
                                 chr(random.randrange(0x21, 0x7F)), ""))
            pairs[at] = text[:cut] + put + text[cut + random.randrange(3):]
        elif what == 6 and pairs:
            at = random.randrange(len(pairs))
            pairs[at] = "".join(f"%{ord(c):02{random.choice('xX')}}" if random.random() < 0.3 else c for c in pairs[at])
    random.shuffle(pairs)
    return "".join(pair + random.choice(";&;;&;" if random.random() < 0.1 else ";") for pair in pairs)[:7000]


def head(random, line, headers=()):
    extra = [random.choice(HEADERS)] if random.random() < 0.3 else []
    lines = [line, "Host: localhost", *extra, *headers]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def path(random):
    return spelt(random, f"/api/json/{random.choice(list(answers.FUNCTIONS))}/" if random.random() < 0.3 else FUNCTION)


def spelt(random, function):
    """The path of a function, whose last slash may be missing."""
    return function if random.random() < 0.8 else function[:-1]


def get(random, method="GET", version="HTTP/1.1", headers=()):
    return head(random, f"{method} {path(random)}?{query(random)} {version}", headers)


def post(random, body, headers, target=None, kind=TYPES[0]):
    return head(random, f"POST {target or path(random)} HTTP/1.1", [f"Content-Type: {kind}", *headers]) + body


def broken(kind, data):
    """A mutation that nginx may refuse before it chooses a location, or take for the beginning of a longer request."""
    return Mutation(kind, data, strict=False, keeps=False, may_wait=True)


def query_kind(random):
    return Mutation("query", get(random))


def head_kind(random):
    return Mutation("HEAD", get(random, "HEAD"), heads=(0,))


def body_kind(random):
    body = query(random).encode("latin-1")
    if random.random() < 0.1:
        body = random.randbytes(random.choice((1, 100, 8192)))
    if random.random() < 0.05:
        body += b";x=" * 3000
    kind = TYPES[0] if random.random() < 0.7 else random.choice(TYPES)
    target = f"{FUNCTION}?{query(random)}" if random.random() < 0.3 else None
    # nginx closes the connection when it has refused a body that it did not read.
    return Mutation("body", post(random, body, [f"Content-Length: {len(body)}"], target, kind), keeps=len(body) <= 8192)


def wrong_length_kind(random):
    body = query(random).encode("latin-1")
    length = random.choice((0, len(body) // 2, len(body) + 1, 8192, 8193, 10**9, 10**20, -1, "abc", "", "0x10", "1 2"))
    return broken("wrong length", post(random, body, [f"Content-Length: {length}"]))


def chunked(random, body):
    data = b""
    while body:
        step = random.randrange(1, len(body) + 1)
        data += b"%x%s\r\n" % (step, random.choice((b"", b"", b";x=y"))) + body[:step] + b"\r\n"
        body = body[step:]
    return data + b"0\r\n\r\n"


def chunked_kind(random):
    body = chunked(random, query(random).encode("latin-1"))
    return Mutation("chunked", post(random, body, ["Transfer-Encoding: chunked"]))


def broken_chunks_kind(random):
    data = bytearray(chunked(random, query(random).encode("latin-1")))
    for _ in range(random.randrange(1, 4)):
        data[random.randrange(len(data))] = random.choice((0, 10, 13, 32, 45, 48, 58, 59, 70, 103, 255))
    data = post(random, bytes(data), ["Transfer-Encoding: chunked"])
    return Mutation("broken chunks", data, keeps=False, may_wait=True)


def method_kind(random):
    return Mutation("method", get(random, random.choice(METHODS)))


def odd_method_kind(random):
    return broken("odd method", get(random, random.choice(ODD_METHODS)))


def odd_header_kind(random):
    return broken("odd header", get(random, headers=[random.choice(ODD_HEADERS)]))


def path_kind(random):
    target = random.choice(PATHS) if random.random() < 0.8 else FUNCTION[:random.randrange(len(FUNCTION))] + chr(
        random.randrange(0x21, 0x7F))
    return broken("path", head(random, f"GET {target}?{query(random)} HTTP/1.1"))


def health_kind(random):
    method = random.choice(("GET", "GET", "HEAD", "POST", "FOO"))
    data = head(random, f"{method} {HEALTH}?{query(random)} HTTP/1.1")
    return Mutation("health", data, heads=(0,) if method == "HEAD" else ())


def old_http_kind(random):
    keep = random.random() < 0.3
    headers = ["Connection: keep-alive"] if keep else []
    return Mutation("HTTP/1.0", get(random, version="HTTP/1.0", headers=headers), keeps=keep)


def odd_version_kind(random):
    return broken("odd version", get(random, version=random.choice(ODD_VERSIONS)))


def pipelined_kind(random):
    count = random.randrange(2, 9)
    kinds = (query_kind, query_kind, head_kind, method_kind, chunked_kind, good_kind)
    parts = [random.choice(kinds)(random) for _ in range(count)]
    return Mutation("pipelined", b"".join(part.data for part in parts), answers=count,
                    heads=tuple(i for i, part in enumerate(parts) if part.heads))


def flipped_kind(random):
    data = bytearray(random.choice((query_kind, body_kind, chunked_kind, head_kind))(random).data)
    for _ in range(random.choice((1, 1, 2, 4, 16))):
        data[random.randrange(min(len(data), 400))] ^= 1 << random.randrange(8)
    return broken("bits flipped", bytes(data))


def spliced_kind(random):
    one, other = (random.choice((query_kind, body_kind, chunked_kind))(random).data for _ in range(2))
    at, length = random.randrange(len(one)), random.randrange(1, 60)
    rest = random.choice((other[random.randrange(len(other)):], one[at + length:], random.randbytes(length) + one[at:],
                          one[at:at + length] * 3 + one[at:]))
    return broken("spliced", one[:at] + rest)


def cut_kind(random):
    data = random.choice((query_kind, body_kind, chunked_kind))(random).data
    return Mutation("cut off", data[:random.randrange(len(data))], strict=False, keeps=False, leave=True)


def left_kind(random):
    return Mutation("left", random.choice((query_kind, body_kind))(random).data, keeps=False, leave=True)


def flood_kind(random):
    name = random.choice(("amy", "bob", "caller", f"name{random.randrange(10**6)}"))
    wrong = f"auth_username={name};auth_password=wrong{random.random()};queue=100"
    return Mutation("flood", head(random, f"GET {FUNCTION}?{wrong} HTTP/1.1"))


def good_kind(random):
    line = f"GET {spelt(random, FUNCTION)}?{stand.GOOD} HTTP/1.1"
    return Mutation("good", f"{line}\r\nHost: localhost\r\n\r\n".encode(), good=True)


# How often each kind is made, in percent.
KINDS = {
    query_kind: 34, head_kind: 3, body_kind: 12, wrong_length_kind: 1, chunked_kind: 6, broken_chunks_kind: 2,
    method_kind: 4, odd_method_kind: 2, odd_header_kind: 3, path_kind: 5, health_kind: 2, old_http_kind: 3,
    odd_version_kind: 2, pipelined_kind: 3, flipped_kind: 5, spliced_kind: 3, cut_kind: 2, left_kind: 2, flood_kind: 4,
    good_kind: 2,
}


def mutation(random):
    # Nobody can tell a password that stands where the path should from a path, so that it is logged is no fault.
    while has_password_in_path(made := random.choices(list(KINDS), list(KINDS.values()))[0](random)):
        pass
    return made


def has_password_in_path(made):
    line = urllib.parse.unquote(made.data.partition(b"\r\n")[0].decode("latin-1"))
    return stand.PASSWORD in re.match("[^?&;=]*", line)[0]


def masked(data):
    """The bytes for a report, without the password."""
    text = data[:3000].decode("latin-1").replace(stand.PASSWORD, "PASSWORD")
    return urllib.parse.quote(text, safe=" /:;=&?%,.*[]()'\"<>{}#+")
