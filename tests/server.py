"""A local server that plays every service: what it is told to answer, whoever is asked.

def test_pages(service):
    service.answer(r"/api/query.*start=0", FIRST_PAGE)
    service.answer(r"/api/query.*start=100", 503, Reply(SECOND_PAGE, headers={"ETag": '"2"'}))
    with service.client() as client:
        ...
    assert [request.query["start"] for request in service.requests] == ["0", "100", "100"]
    assert service.clock.pauses == [3.0, 30.0]
"""

import json
import re
import ssl
import sys
import threading
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, NamedTuple, Self
from urllib.parse import parse_qsl, urlsplit, urlunsplit

import httpx

from readlist.sources.client import Client
from readlist.sources.network import Network


@dataclass(frozen=True)
class Reply:
    """An answer. A dict or list as `body` becomes JSON; another iterable of bytes is sent piece by
    piece, as a drip. `length` is the Content-Length where it is not the true one. `raw` is sent
    instead of all that and the connection closed: `raw=b""` is none at all.
    """

    body: Any = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    length: int | None = None
    raw: Iterable[bytes] | bytes | None = None


class Request(NamedTuple):
    """What was asked: the whole URL as the client meant it, header names in lower case."""

    method: str
    url: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class FakeClock:
    """Stands still but while it sleeps; `pauses` are the seconds it was asked to sleep."""

    def __init__(self) -> None:
        self.time = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
        self.pauses: list[float] = []

    def now(self) -> datetime:
        return self.time

    def monotonic(self) -> float:
        return self.time.timestamp()

    def sleep(self, seconds: float, stopped: threading.Event) -> None:  # noqa: ARG002
        self.pauses.append(round(seconds, 3))
        self.advance(seconds)

    def advance(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)


class Routed(Network):
    """The real network, but whatever host is asked, it is the local server that answers."""

    def __init__(self, clock: FakeClock, port: int) -> None:
        super().__init__(clock, private_addresses=True)
        self._port = port

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        headers = [*request.headers.raw, (b"x-scheme", request.url.raw_scheme)]
        url = request.url.copy_with(scheme="http", host="127.0.0.1", port=self._port)
        return super().handle_request(
            httpx.Request(
                request.method,
                url,
                headers=headers,
                stream=request.stream,
                extensions=request.extensions,
            )
        )


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), OSError):  # else a client has gone away
            super().handle_error(request, client_address)


class Service:
    """`requests` are all that came in, in order; `clock` is that of its clients. With a
    `certificate`, the name of a file, it speaks TLS.
    """

    def __init__(self, certificate: str = "") -> None:
        self.requests: list[Request] = []
        self.clock = FakeClock()
        self._answers: list[tuple[re.Pattern[str], list[Any]]] = []
        self._unexpected: list[str] = []
        self._server = _Server(("127.0.0.1", 0), _handler(self))
        if certificate:
            tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            tls.load_cert_chain(certificate)
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self.port = self._server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
        assert not self._unexpected, f"nothing to answer to {self._unexpected}"

    def answer(self, pattern: str, *replies: Any) -> None:
        """What requests whose URL has `pattern` are answered, one after the other; the last one
        again and again. A reply is a `Reply`, or only its body, or only its status (a number).

        The latest pattern that fits is taken.
        """
        self._answers.insert(0, (re.compile(pattern), list(replies)))

    def client(self, *, keys: Mapping[str, str] | None = None, **options: Any) -> Client:
        """A client whose every request comes here; `options` are those of `Client`."""
        known = keys or {}
        options = {"cache_folder": None, "clock": self.clock, **options}
        return Client(
            keys=lambda name: known.get(name, ""),
            transport=Routed(options["clock"], self.port),
            **options,
        )

    def take(self, request: Request) -> Reply:
        self.requests.append(request)
        for pattern, replies in self._answers:
            if pattern.search(request.url):
                reply = replies.pop(0) if len(replies) > 1 else replies[0]
                if isinstance(reply, Reply):
                    return reply
                return Reply(status=reply) if isinstance(reply, int) else Reply(body=reply)
        self._unexpected.append(request.url)
        return Reply(body="the test has no answer for this", status=400)


def _handler(service: Service) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 10

        def do_GET(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            scheme = headers.pop("x-scheme", "http")
            body = self.rfile.read(int(headers.get("content-length", 0)))
            parts = urlsplit(self.path)
            query = dict(parse_qsl(parts.query, keep_blank_values=True))
            url = urlunsplit((scheme, headers["host"], parts.path, parts.query, ""))
            request = Request(self.command, url, parts.path, query, headers, body)
            self._send(service.take(request))

        do_POST = do_GET  # noqa: N815

        def _send(self, reply: Reply) -> None:
            if reply.raw is not None:
                self.close_connection = True
                self._write([reply.raw] if isinstance(reply.raw, bytes) else reply.raw)
                return
            pieces, length, type_ = _pieces(reply.body)
            headers = {name.lower(): value for name, value in reply.headers.items()}
            headers.setdefault("content-type", type_)
            length = length if reply.length is None else reply.length
            if length is None or reply.length is not None:
                self.close_connection = True
            if length is not None:
                headers["content-length"] = str(length)
            self.send_response(reply.status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self._write(pieces)

        def _write(self, pieces: Iterable[bytes]) -> None:
            try:
                for piece in pieces:
                    self.wfile.write(piece)
                    self.wfile.flush()
            except OSError:  # the client has heard enough
                self.close_connection = True

        def log_message(self, *arguments: Any) -> None:
            pass

    return Handler


def _pieces(body: Any) -> tuple[Iterator[bytes], int | None, str]:
    if isinstance(body, str):
        body, type_ = body.encode(), "text/html" if "<html" in body[:500] else "text/xml"
    elif isinstance(body, bytes):
        type_ = "application/octet-stream"
    elif isinstance(body, dict | list):
        body, type_ = json.dumps(body).encode(), "application/json"
    else:
        return iter(body), None, "application/octet-stream"
    return iter([body]), len(body), type_
