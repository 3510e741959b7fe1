"""A TCP proxy to PostgreSQL's Unix socket, which does what bad networks do. As a program, `proxy.py SOCKET` prints its
port and passes everything on until it is killed."""

import contextlib
import os
import socket
import sys
import threading
import time


class Proxy:
    """A context: the proxy. Its attributes may change at any time, and count for all bytes from then on, in both
    directions."""

    def __init__(self, path=None):
        self.path = path or f"{os.environ['PGHOST']}/.s.PGSQL.{os.environ['PGPORT']}"
        self.latency = 0  # seconds
        self.bytes_per_second = None
        self.cut_after = None  # bytes from the server, in each connection
        self.port = 0
        self.listener = None
        self.connections = []  # both ends of each

    def __enter__(self):
        self.listen()
        return self

    def __exit__(self, *_):
        self.stop_listening()
        self.cut()

    def listen(self):
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", self.port))
        listener.listen(64)
        self.port = listener.getsockname()[1]
        self.listener = listener
        threading.Thread(target=self.accept, args=(listener,), daemon=True).start()

    def stop_listening(self):
        self.listener.shutdown(socket.SHUT_RDWR)  # wakes accept
        self.listener.close()

    def cut(self):
        """Ends every connection."""
        ends, self.connections = self.connections, []
        for end in ends:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def accept(self, listener):
        with contextlib.suppress(OSError):
            while True:
                client = listener.accept()[0]
                client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                server = socket.socket(socket.AF_UNIX)
                try:
                    server.connect(self.path)
                except OSError:
                    client.close()
                    continue
                self.connections += [client, server]
                # One thread per direction.
                for source, target, counted in ((client, server, False), (server, client, True)):
                    threading.Thread(target=self.pass_on, args=(source, target, counted), daemon=True).start()

    def pass_on(self, source, target, counted):
        passed = 0
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                time.sleep(self.latency)
                if counted and self.cut_after is not None:
                    data = data[: max(self.cut_after - passed, 0)]
                while data:
                    step = len(data) if self.bytes_per_second is None else 1
                    target.sendall(data[:step])
                    passed += step
                    data = data[step:]
                    if self.bytes_per_second is not None:
                        time.sleep(1 / self.bytes_per_second)
                if counted and self.cut_after is not None and passed >= self.cut_after:
                    break
        for end in (source, target):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            if end is source:
                with contextlib.suppress(ValueError):
                    self.connections.remove(source)
        source.close()


if __name__ == "__main__":
    with Proxy(sys.argv[1]) as proxy:
        print(proxy.port, flush=True)
        threading.Event().wait()
