# SPDX-License-Identifier: Apache-2.0
"""A line between client and server that keeps its address while servers come and go behind it, carries only so many bytes a
second, counts them, and notes what is asked for and how that is answered. Standard library only."""

import re
import selectors
import socket
import threading
import time
from collections import Counter

PIECE_BYTES = 32 * 1024
REQUEST_LINE = re.compile(rb"[A-Z]+ (\S+) HTTP/1\.1\r\n")
STATUS_LINE = re.compile(rb"HTTP/1\.1 (\d{3}) ")


class SlowProxy:
    def __init__(self, bytes_per_second: float):
        self.target = 0  # port of the server
        self.carried = 0  # bytes, both ways
        self.targets = []  # of the requests
        self.statuses = Counter()  # of the answers
        self.rate = bytes_per_second
        self._lock = threading.Lock()
        self._free_at = 0.0  # when the line has carried what was given to it
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._carry, args=(client,), daemon=True).start()

    def _carry(self, client: socket.socket) -> None:
        try:
            with client, socket.create_connection(("127.0.0.1", self.target)) as server:
                self._copy_both_ways(client, server)
        except OSError:
            pass  # one side has gone: the other one notices

    def _copy_both_ways(self, client: socket.socket, server: socket.socket) -> None:
        other = {client: server, server: client}
        with selectors.DefaultSelector() as ready:
            for end in other:
                ready.register(end, selectors.EVENT_READ)
            while True:
                for key, _ in ready.select():
                    piece = key.fileobj.recv(PIECE_BYTES)
                    if not piece:
                        return
                    self._note(piece, key.fileobj is client)
                    self._wait_for_room(len(piece))
                    other[key.fileobj].sendall(piece)

    def _note(self, piece: bytes, is_request: bool) -> None:
        if is_request and (request := REQUEST_LINE.match(piece)):
            self.targets.append(request[1].decode())
        elif not is_request and (status := STATUS_LINE.match(piece)):
            self.statuses[int(status[1])] += 1

    def _wait_for_room(self, count: int) -> None:
        with self._lock:
            now = time.monotonic()
            self._free_at = max(self._free_at, now) + count / self.rate
            self.carried += count
            pause = self._free_at - now
        time.sleep(pause)
