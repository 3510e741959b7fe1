"""What a peer that is not a web server may send to a responder, made from a random generator and seeds."""

import glob
import os
import struct

from lib import case_file, exchange, stand

CORPUS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../fuzz/corpus/fastcgi/*")
QUERIES = [stand.GOOD, "auth_username=amy;auth_password=wrong;queue=100", "a=1", f"{stand.LOGIN}%zz"] + [
    f"{stand.LOGIN};{what}" for what in ("destination=1001", "queue=7", "start=x")]
MORE = [(b"HTTP_AUTHORIZATION", b"Basic YTpi"), (b"X" * 200, b"y" * 5000), (b"QUEUED_AT", b"1"), (b"", b""),
        (b"REQUEST_ID", b"0" * 32), (b"CONTENT_LENGTH", b"10000000000000000000000")]


def well_formed(random):
    query = random.choice(QUERIES).encode()
    body = b""
    pairs = [(b"REQUEST_METHOD", random.choice((b"GET", b"GET", b"HEAD", b"POST", b"PUT"))),
             (b"DOCUMENT_URI", case_file.FUNCTION.encode()), (b"REMOTE_ADDR", b"192.0.2.1")]
    if pairs[0][1] == b"POST" and random.random() < 0.7:
        body = query
        pairs += [(b"CONTENT_TYPE", b"application/x-www-form-urlencoded"), (b"CONTENT_LENGTH", b"%d" % len(body))]
    else:
        pairs.append((b"QUERY_STRING", query))
    if random.random() < 0.2:
        pairs.append(random.choice((*MORE, pairs[0])))
    random.shuffle(pairs)
    return exchange.fastcgi_request(pairs, body, step=random.choice((65528, 65528, 100, 7)))


def seeds():
    found = []
    for path in sorted(glob.glob(CORPUS)):
        with open(path, "rb") as file:
            found.append(file.read())
    assert len(found) > 10, CORPUS
    return found


SEEDS = seeds()


def records_of(data):
    """The records, as bytes. The last one may be cut off."""
    found = []
    while len(data) >= 8:
        size = 8 + int.from_bytes(data[4:6], "big") + data[6]
        found.append(data[:size])
        data = data[size:]
    return found + ([data] if data else [])


def mutate(random, data):
    data = bytearray(data)
    records = records_of(bytes(data))
    what = random.randrange(9)
    if what == 0 and data:
        for _ in range(random.choice((1, 2, 8, 64))):
            data[random.randrange(len(data))] ^= 1 << random.randrange(8)
    elif what == 1:
        data = data[:random.randrange(len(data) + 1)]
    elif what == 2 and records:  # the lengths of a record
        at = random.randrange(len(records))
        record = bytearray(records[at])
        length = random.choice((0, 1, 7, 8, 0x7FFF, 0xFFFF, random.randrange(65536)))
        record[4:7] = struct.pack(">HB", length, random.randrange(256))
        records[at] = bytes(record)
        data = b"".join(records)
    elif what == 3:  # records out of order, twice, left out
        random.shuffle(records)
        data = b"".join(records[:random.randrange(len(records) + 1)] + records[:1] * random.randrange(3))
    elif what == 4 and records:  # the version, type or id of a record
        at = random.randrange(len(records))
        record = bytearray(records[at])
        record[random.randrange(min(4, len(record)))] = random.choice((0, 1, 2, 3, 4, 5, 6, 8, 9, 11, 255))
        records[at] = bytes(record)
        data = b"".join(records)
    elif what == 5 and len(data) > 20:  # the lengths of names and values
        at = random.randrange(16, len(data) - 3)
        data[at:at + 4] = random.choice((b"\xff\xff\xff\xff", b"\x80\0\0\0", b"\x7f", b"\xff", b"\x80\0\xff\xff"))
    elif what == 6:
        at = random.randrange(len(data) + 1)
        data[at:at] = random.randbytes(random.choice((1, 8, 100, 5000)))
    elif what == 7:
        other = records_of(random.choice(SEEDS))
        at = random.randrange(len(records) + 1)
        data = b"".join(records[:at] + other[random.randrange(len(other) + 1):] + records[at:])
    else:  # a record of management: FCGI_GET_VALUES, FCGI_UNKNOWN_TYPE, ...
        names = b"".join(exchange.name_value(b"FCGI_MAX_CONNS", b"") for _ in range(random.choice((1, 40, 200))))
        kind, request = random.choice((2, 9, 10, 11, 77)), random.choice((0, 1))
        management = struct.pack(">BBHHBx", 1, kind, request, len(names), 0) + names
        at = random.randrange(len(records) + 1)
        data = b"".join(records[:at] + [management] + records[at:])
    return bytes(data)


def connection(random):
    """The bytes of one connection, and whether they are a whole request that must be answered."""
    whole = random.random() < 0.5
    data = well_formed(random) if whole else random.choice(SEEDS)
    times = random.choice((0, 1, 1, 1, 2, 3))
    for _ in range(times):
        data = mutate(random, data)
    return data, whole and times == 0
