"""A stand-in for FreeSWITCH's event socket (mod_event_socket of FreeSWITCH 1.10, inbound mode). It is not FreeSWITCH,
but speaks the documented protocol: it asks for the password, takes `event plain CUSTOM callcenter::info`, sends each
event as text/event-plain with URL-encoded values, and closes with text/disconnect-notice. It serves one client, on
127.0.0.1.
"""
import queue
import socket
import threading
import urllib.parse

PASSWORD = "ClueCon"


def block(headers):
    return b"".join(f"{name}: {value}\n".encode() for name, value in headers.items()) + b"\n"


def plain(event):
    """An event as the bytes of the protocol. A value is text, or the bytes that a phone sent."""
    body = block({name: urllib.parse.quote(value, safe="") for name, value in event.items()})
    return block({"Content-Length": len(body), "Content-Type": "text/event-plain"}) + body


class EventSocket(threading.Thread):
    """Serves its client in a thread of its own. `heard` has the commands of the client."""

    def __init__(self):
        super().__init__(daemon=True)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.heard = []
        self.outgoing = queue.SimpleQueue()
        self.start()

    def send(self, events):
        """Sends all these events at once."""
        self.outgoing.put(b"".join(map(plain, events)))

    def close(self):
        """Sends what is left and the disconnect notice, and waits until the client has got both."""
        text = b"Disconnected, goodbye.\n"
        self.outgoing.put(block({"Content-Type": "text/disconnect-notice", "Content-Length": len(text)}) + text)
        self.outgoing.put(None)
        self.join(60)
        self.listener.close()

    def run(self):
        client, _ = self.listener.accept()
        with client, client.makefile("rb") as lines:
            client.sendall(block({"Content-Type": "auth/request"}))
            for expected, answer in ((f"auth {PASSWORD}", "+OK accepted"),
                                     ("event plain CUSTOM callcenter::info", "+OK event listener enabled plain")):
                command = lines.readline().decode().rstrip("\n")
                self.heard.append(command)
                refused = lines.readline() != b"\n" or command != expected
                client.sendall(block({"Content-Type": "command/reply",
                                      "Reply-Text": "-ERR command not found" if refused else answer}))
                if refused:
                    return
            while (data := self.outgoing.get()) is not None:
                client.sendall(data)
