"""A stand-in for FreeSWITCH's event socket (mod_event_socket of FreeSWITCH 1.10, inbound mode): no FreeSWITCH, but its
documented protocol. It asks for the password, takes `event plain CUSTOM callcenter::info`, sends each event as
text/event-plain, its values URL-encoded, and closes with text/disconnect-notice. One client, on 127.0.0.1.
"""
import queue
import socket
import threading
import urllib.parse

PASSWORD = "ClueCon"


def block(headers):
    return b"".join(f"{name}: {value}\n".encode() for name, value in headers.items()) + b"\n"


def plain(event):
    """An event as it goes over the wire. A value is text, or the bytes that a phone sent."""
    body = block({name: urllib.parse.quote(value, safe="") for name, value in event.items()})
    return block({"Content-Length": len(body), "Content-Type": "text/event-plain"}) + body


class EventSocket(threading.Thread):
    """Serves its client in a thread of its own; heard has the commands that came."""

    def __init__(self):
        super().__init__(daemon=True)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.heard = []
        self.outgoing = queue.SimpleQueue()
        self.start()

    def send(self, events):
        """Sends events at once."""
        self.outgoing.put(b"".join(map(plain, events)))

    def close(self):
        """Sends what is left, says goodbye and waits until the client was served."""
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
