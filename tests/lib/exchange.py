"""Speaks HTTP to web servers and FastCGI to the responder, in raw bytes: nothing corrects what a case wants to send."""

import dataclasses
import re
import socket
import struct

TIMEOUT = 15  # seconds; longer than every deadline of the parts
FASTCGI_BEGIN, FASTCGI_ABORT, FASTCGI_END, FASTCGI_PARAMS, FASTCGI_STDIN, FASTCGI_STDOUT = 1, 2, 3, 4, 5, 6


@dataclasses.dataclass
class Answer:
    status: int
    headers: list  # (name, value) each, in the order in which they came
    body: bytes

    def header(self, name):
        """The values of the header of this name, in any letter case."""
        return [value for key, value in self.headers if key.lower() == name.lower()]


class Broken(Exception):
    """What came back is not an answer. The text says why."""


class Closed(Broken):
    """The connection was closed without a byte of an answer."""


def receive_all(connection):
    parts = []
    while part := connection.recv(65536):
        parts.append(part)
    return b"".join(parts)


def parse_headers(head):
    headers = []
    for line in head.split(b"\r\n"):
        name, colon, value = line.decode("latin-1").partition(":")
        if not colon or not re.fullmatch(r"[A-Za-z0-9-]+", name):
            raise Broken(f"no header line: {line!r}")
        headers.append((name, value.strip()))
    return headers


def parse_http(data, head_only):
    if not data:
        raise Closed("the connection was closed without an answer")
    head, blank, body = data.partition(b"\r\n\r\n")
    status_line, _, fields = head.partition(b"\r\n")
    match = re.fullmatch(rb"HTTP/1\.1 (\d{3}) [ -~]*", status_line)
    if not match or not blank:
        raise Broken(f"no HTTP answer: {data[:200]!r}")
    answer = Answer(int(match[1]), parse_headers(fields), body)
    if answer.header("Transfer-Encoding"):
        raise Broken("the answer has no Content-Length")
    check_length(answer, head_only)
    return answer


def check_length(answer, head_only):
    lengths = answer.header("Content-Length")
    if len(lengths) > 1 or (lengths and not re.fullmatch(r"\d+", lengths[0])):
        raise Broken(f"Content-Length is {lengths}")
    if head_only and answer.body:
        raise Broken(f"an answer to HEAD has a body: {answer.body[:200]!r}")
    if lengths and not head_only and int(lengths[0]) != len(answer.body):
        raise Broken(f"Content-Length is {lengths[0]}, the body has {len(answer.body)} bytes")


def http(port, request, source):
    """Sends the bytes from the address `source` to 127.0.0.1:port. Returns all that comes back."""
    with socket.create_connection(("127.0.0.1", port), TIMEOUT, (source, 0)) as connection:
        try:
            connection.sendall(request)
        except (BrokenPipeError, ConnectionResetError):
            pass  # the server refused before it had read everything; its answer may be there all the same
        try:
            return receive_all(connection)
        except ConnectionResetError as error:
            raise Closed("the connection was reset") from error
        except TimeoutError as error:
            raise Broken(f"no answer within {TIMEOUT} s") from error


def record(kind, content):
    padding = -len(content) % 8
    return struct.pack(">BBHHBx", 1, kind, 1, len(content), padding) + content + bytes(padding)


def stream(kind, content, step=65528):
    """The content in records of at most `step` bytes, and the empty record that ends the stream."""
    return b"".join(record(kind, content[i : i + step]) for i in range(0, len(content), step)) + record(kind, b"")


def name_value(name, value):
    def length(text):
        return struct.pack(">B", len(text)) if len(text) < 128 else struct.pack(">I", len(text) | 1 << 31)

    return length(name) + length(value) + name + value


def fastcgi_request(parameters, body, role=1, abort=False, step=65528):
    """The bytes of one request. parameters: pairs of bytes. abort: give up once the parameters are sent."""
    begin = record(FASTCGI_BEGIN, struct.pack(">HB5x", role, 0))
    params = stream(FASTCGI_PARAMS, b"".join(name_value(name, value) for name, value in parameters), step)
    return begin + params + (record(FASTCGI_ABORT, b"") if abort else stream(FASTCGI_STDIN, body))


def fastcgi(path, request):
    """Sends the bytes to the socket. Returns what the responder wrote to FastCGI's standard output."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(TIMEOUT)
        connection.connect(path)
        try:
            connection.sendall(request)
        except (BrokenPipeError, ConnectionResetError):
            pass
        try:
            data = receive_all(connection)
        except ConnectionResetError:
            data = b""
        except TimeoutError as error:
            raise Broken(f"no answer within {TIMEOUT} s") from error
    return output_of(data)


def output_of(data):
    """The standard output in the records of a responder, which has sent them and closed the connection."""
    output, ended, at = [], False, 0
    while at < len(data):
        _, kind, _, length, padding = struct.unpack(">BBHHBx", data[at : at + 8])
        content = data[at + 8 : at + 8 + length]
        at += 8 + length + padding
        output.append(content if kind == FASTCGI_STDOUT else b"")
        ended = ended or kind == FASTCGI_END
    if data and not ended:
        raise Broken("the responder broke off within its answer")
    return b"".join(output)


def parse_cgi(data, head_only):
    if not data:
        raise Closed("the connection was closed without an answer")
    head, blank, body = data.partition(b"\r\n\r\n")
    if not blank:
        raise Broken(f"no CGI answer: {data[:200]!r}")
    headers = parse_headers(head)
    status = [value for name, value in headers if name == "Status"]
    if len(status) != 1 or not re.match(r"\d{3}\b", status[0]):
        raise Broken(f"Status is {status}")
    answer = Answer(int(status[0][:3]), [(n, v) for n, v in headers if n != "Status"], body)
    check_length(answer, head_only)
    return answer
