"""The transport below the client: who is connected to, for how long, and how that is ended.

It does what httpx would do by itself, but the address that is connected to is one that was looked
at (`addresses`), an answer must come in some time, and `stop` ends what other threads wait for.
"""

import importlib.util
import socket
import ssl
import threading
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import partial
from typing import Any, TypeVar
from weakref import WeakSet

import httpcore
import httpx

from ..errors import SourceError, StoppedError
from .addresses import addresses_of, is_private
from .pace import Clock

TIMEOUT = {"connect": 15.0, "read": 30.0, "write": 30.0, "pool": 30.0}
# A whole answer may take two minutes, and a second more for each 64 kB of it up to twenty: slow
# lines are served, slow drips and endless floods are not.
_SECONDS = 120.0
_MOST_SECONDS = 1200.0
_RATE = 65536
_STEP = 0.1  # seconds until a waiting thread looks whether it is to stop
_ADDRESSES = 4  # of one host that are tried

_T = TypeVar("_T")


class TooSlowError(Exception):
    pass


class Network(httpx.BaseTransport):
    """Speaks HTTP as the environment wants it: through its proxies (`HTTPS_PROXY`, `NO_PROXY` …)
    and with its certificates (`SSL_CERT_FILE`, `SSL_CERT_DIR`).

    Behind a proxy it is the proxy that looks addresses up, so a private one goes unnoticed.
    """

    def __init__(self, clock: Clock, *, private_addresses: bool = False) -> None:
        self.stopped = threading.Event()
        self._clock = clock
        self._private_addresses = private_addresses
        self._pools: dict[str, httpcore.ConnectionPool] = {}
        self._sockets: WeakSet[socket.socket] = WeakSet()
        self._lock = threading.Lock()
        self._answer = threading.local()  # the one that this thread reads
        self._asked = threading.local()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self._answer.since = self._clock.monotonic()
        self._answer.received = 0
        url = request.url
        answer = self._pool(_proxy(url)).handle_request(
            httpcore.Request(
                request.method,
                httpcore.URL(
                    scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
                ),
                headers=request.headers.raw,
                content=request.stream,
                extensions={"timeout": TIMEOUT},
            )
        )
        return httpx.Response(answer.status, headers=answer.headers, stream=_Body(answer))

    def stop(self) -> None:
        """Ends every request of every thread now, and lets none begin."""
        self.stopped.set()
        with self._lock:
            sockets = list(self._sockets)
        for each in sockets:
            with suppress(OSError):
                # Not SSLSocket.shutdown, which would first say good-bye in TLS.
                socket.socket.shutdown(each, socket.SHUT_RDWR)

    def close(self) -> None:
        with self._lock:
            pools = list(self._pools.values())
        for pool in pools:
            pool.close()

    def opened(self, connection: socket.socket) -> None:
        """Takes note of what `stop` is to end."""
        with self._lock:
            self._sockets.add(connection)
        if self.stopped.is_set():
            self.stop()

    def sent(self) -> None:
        self._asked.now = True

    def asked(self) -> bool:
        """Whether this thread has sent anything since it last called this."""
        asked = getattr(self._asked, "now", False)
        self._asked.now = False
        return asked

    def received(self, size: int) -> None:
        """:raises StoppedError: else the connection that was ended would pass for a whole answer.
        :raises TooSlowError: the answer takes too long.
        """
        if self.stopped.is_set():
            raise StoppedError("stopped")
        self._answer.received += size
        seconds = self._clock.monotonic() - self._answer.since
        if seconds > min(_SECONDS + self._answer.received / _RATE, _MOST_SECONDS):
            raise TooSlowError

    def patiently(
        self, call: Callable[[], _T], seconds: float, undo: Callable[[_T], None] = lambda _: None
    ) -> _T:
        """What `call` returns. Called in a thread, which is left behind when it takes longer or
        we are stopped, as the system's calls can not be ended from outside; then what it returns
        in the end is undone.

        :raises TimeoutError: it took longer.
        """
        done, given_up, lock = threading.Event(), threading.Event(), threading.Lock()
        results: list[_T] = []
        errors: list[Exception] = []

        def run() -> None:
            try:
                result = call()
            except Exception as error:  # noqa: BLE001 - it is raised below
                errors.append(error)
            else:
                with lock:
                    if given_up.is_set():
                        undo(result)
                    else:
                        results.append(result)
            done.set()

        threading.Thread(target=run, daemon=True).start()
        for _ in range(max(int(seconds / _STEP), 1)):
            if done.wait(_STEP) or self.stopped.is_set():
                break
        with lock:
            given_up.set()
        if errors:
            raise errors[0]
        if not results:
            raise TimeoutError
        return results[0]

    def check(self, host: str, addresses: Iterable[str]) -> None:
        """:raises SourceError: a host's address is in a private network."""
        for address in addresses:
            if not self._private_addresses and is_private(address):
                raise SourceError(private_message(host, address))

    def _pool(self, proxy: str) -> httpcore.ConnectionPool:
        with self._lock:
            if proxy not in self._pools:
                self._pools[proxy] = httpcore.ConnectionPool(
                    ssl_context=_certificates(),
                    proxy=_via(proxy) if proxy else None,
                    max_connections=100,
                    max_keepalive_connections=10,
                    keepalive_expiry=30,
                    network_backend=_Backend(self, to_proxy=bool(proxy)),
                )
            return self._pools[proxy]


class _Backend(httpcore.SyncBackend):
    """Connects to the very addresses that it has looked at, so that a name server which answers
    otherwise the second time ("DNS rebinding") gains nothing. TLS still is with the name:
    httpcore takes it from the URL.
    """

    def __init__(self, network: Network, *, to_proxy: bool) -> None:
        self._network = network
        self._to_proxy = to_proxy

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        seconds = timeout or TIMEOUT["connect"]
        try:
            found = self._network.patiently(lambda: addresses_of(host, port), seconds)
        except OSError as error:
            raise SourceError(f"{host} cannot be found; is the network up?") from error
        if not self._to_proxy:
            self._network.check(host, found)

        def connect(address: str) -> httpcore.NetworkStream:
            return super(_Backend, self).connect_tcp(
                address, port, seconds, local_address, socket_options
            )

        failed: Exception = httpcore.ConnectError("no address")
        for address in found[:_ADDRESSES]:
            try:
                stream = self._network.patiently(
                    partial(connect, address), seconds, undo=lambda s: s.close()
                )
                return _Stream(stream, self._network)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
            except TimeoutError as error:
                failed = httpcore.ConnectTimeout(error)
        raise failed


class _Stream(httpcore.NetworkStream):
    """A connection that the network keeps an eye on."""

    def __init__(self, stream: httpcore.NetworkStream, network: Network) -> None:
        self._stream = stream
        self._network = network
        network.opened(stream.get_extra_info("socket"))

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        data = self._stream.read(max_bytes, timeout)
        self._network.received(len(data))
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._network.sent()
        self._stream.write(buffer, timeout)

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        # A second handle: the socket gives up its own to the one that speaks TLS.
        with self._stream.get_extra_info("socket").dup() as during:
            self._network.opened(during)
            stream = self._stream.start_tls(ssl_context, server_hostname, timeout)
        return _Stream(stream, self._network)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class _Body(httpx.SyncByteStream):
    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        return self._answer.iter_stream()

    def close(self) -> None:
        self._answer.close()


def private_message(host: str, address: str) -> str:
    where = host if host == address else f"{host} leads to {address}, which"
    return f"{where} is in a private network; network.private_addresses = true in the settings allows that"


def reason(error: Exception) -> tuple[str, bool]:
    """What an error of the network means, to be read behind the name of the host, and whether
    another try may help; `""` for other errors.
    """
    match error:
        case httpcore.ConnectTimeout():
            return f"did not accept a connection in {TIMEOUT['connect']:.0f} seconds", True
        case httpcore.TimeoutException():
            return f"did not answer in {TIMEOUT['read']:.0f} seconds", True
        case TooSlowError():
            return "answers too slowly", False
        case httpcore.ConnectError(args=[ssl.SSLCertVerificationError() as why]):
            what = f"has a certificate that is not trusted ({why.verify_message})"
            return f"{what}; SSL_CERT_FILE may name further ones", False
        case httpcore.ConnectError():
            return "accepts no connection", True
        case httpcore.NetworkError() | httpcore.RemoteProtocolError():
            return "broke off its answer", True
        case httpcore.ProxyError():
            return "cannot be reached through the proxy of the environment", False
        case httpcore.LocalProtocolError() | UnicodeEncodeError():
            return "cannot be asked: a key or header holds what it must not", False
    return "", False


def _certificates() -> ssl.SSLContext:
    try:
        return httpx.create_ssl_context()
    except OSError as error:
        raise SourceError("the certificates of SSL_CERT_FILE cannot be read") from error


def _proxy(url: httpx.URL) -> str:
    """The proxy that the environment has for a URL, or `""`."""
    proxies = urllib.request.getproxies()
    proxy = proxies.get(url.scheme) or proxies.get("all", "")
    return "" if not proxy or urllib.request.proxy_bypass(url.host) else proxy


def _via(proxy: str) -> httpcore.Proxy:
    """:raises SourceError: it is none that we can use."""
    try:
        url = httpx.URL(proxy if "://" in proxy else f"http://{proxy}")
    except httpx.InvalidURL as error:
        raise SourceError("the proxy of the environment is not a URL") from error
    if url.scheme not in ("http", "https", "socks5", "socks5h"):
        raise SourceError(
            f"the proxy of the environment is a {url.scheme} one, which we do not speak"
        )
    if url.scheme.startswith("socks") and not importlib.util.find_spec("socksio"):
        raise SourceError("the proxy of the environment needs: pip install 'httpx[socks]'")
    auth = (url.username, url.password) if url.userinfo else None
    return httpcore.Proxy(str(url.copy_with(userinfo=b"")), auth=auth)
