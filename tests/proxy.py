"""An HTTP proxy before a server that fails as networks do: silent, or an answer is lost."""

from __future__ import annotations

import http.client
import socket
import struct
import threading
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

# What becomes of a request, such as "POST /api/2.0/mlflow/runs/create".
SERVE, RESET, HANG, REFUSE, LOSE = "serve", "reset", "hang", "refuse", "lose"
OWN = {"transfer-encoding", "connection", "content-length", "date", "server", "host"}


class Proxy:
    """Listens inside the block before the server at `port`; `faulty` names what it does wrong."""

    def __init__(self, port: int) -> None:
        self.faulty: Callable[[str], str] = lambda request: SERVE
        self.seen: list[str] = []
        self._over = threading.Event()
        proxy = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_: object) -> None:
                pass

            def answer(self) -> None:
                request = f"{self.command} {self.path.partition('?')[0]}"
                proxy.seen.append(request)
                fault, body = proxy.faulty(request), self._body()
                if fault == HANG:
                    proxy._over.wait()
                if fault in (HANG, RESET):
                    return self._reset()
                if fault == REFUSE:
                    return self._say(500, b"boom", [])
                there = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
                sent = {key: value for key, value in self.headers.items() if key.lower() not in OWN}
                try:
                    there.request(self.command, self.path, body, sent)
                    found = there.getresponse()
                    said = found.read()
                except OSError:
                    return self._reset()
                finally:
                    there.close()
                if fault == LOSE:
                    return self._reset()
                return self._say(found.status, said, found.getheaders())

            def _body(self) -> bytes:
                if "chunked" not in self.headers.get("Transfer-Encoding", ""):
                    return self.rfile.read(int(self.headers.get("Content-Length") or 0))
                body = b""
                while size := int(self.rfile.readline(), 16):
                    body += self.rfile.read(size)
                    self.rfile.readline()
                self.rfile.readline()
                return body

            def _say(self, status: int, body: bytes, headers: list[tuple[str, str]]) -> None:
                self.send_response(status)
                for key, value in headers:
                    if key.lower() not in OWN:
                        self.send_header(key, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def _reset(self) -> None:
                self.connection.setsockopt(
                    socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
                )
                self.close_connection = True
                self.connection.close()

            def finish(self) -> None:
                with suppress(OSError, ValueError):
                    super().finish()

        for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
            setattr(Handler, f"do_{method}", Handler.answer)

        class Quiet(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_: object) -> None:
                pass

        self._server = Quiet(("127.0.0.1", 0), Handler)
        self.uri = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def __enter__(self) -> Proxy:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def fail(self, how: str, what: str, once: bool = False) -> None:
        """Let requests that hold `what` fail so from now on, or the first of them only."""
        left = [what] if once else None

        def faulty(request: str) -> str:
            if what not in request or left == []:
                return SERVE
            if left:
                left.clear()
            return how

        self.faulty = faulty
        self.seen.clear()
