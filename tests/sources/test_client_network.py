"""Who the client connects to and who it does not, on real sockets."""

import ipaddress
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from server import FakeClock, Reply, Routed, Service

from readlist.errors import SourceError
from readlist.sources import network
from readlist.sources.addresses import is_private, is_private_host
from readlist.sources.client import Client

TLS = Path(__file__).parents[1] / "data" / "tls"


def real(**options: Any) -> Client:
    """A client that is led nowhere else."""
    return Client(cache_folder=None, keys=lambda _: "", clock=FakeClock(), **options)


def failure(client: Client, url: str) -> str:
    with client, pytest.raises(SourceError) as caught:
        client.get(url)
    return str(caught.value)


class Names(dict[str, list[str]]):
    """The name server: the addresses of names, and which it was asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Names:
    known, ask = Names(), socket.getaddrinfo

    def answer(host: str, port: int, *rest: Any, **more: Any) -> list[Any]:
        try:
            ipaddress.ip_address(host)
        except ValueError:
            known.asked.append(host)
            if host not in known:
                raise socket.gaierror(socket.EAI_NONAME, "Name or service not known") from None
            return [each for to in known[host] for each in ask(to, port, *rest, **more)]
        return ask(host, port, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", answer)
    return known


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.8.8.8",
        "0.0.0.0",
        "10.1.2.3",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "fe80::1",
        "fe80::1%eth0",
        "fd00::1",
        "ff0e::1",
        "::ffff:10.0.0.1",
        "::ffff:7f00:1",
        "2002:c0a8:0101::1",
        "64:ff9b::192.168.1.1",
        "64:ff9b:1::1",
        "::8.8.8.8",
        "4000::1",
    ],
)
def test_private_addresses(address: str):
    assert is_private(address)


@pytest.mark.parametrize(
    "address",
    ["8.8.8.8", "172.32.0.1", "100.128.0.1", "2606:4700::1", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8"],
)
def test_public_addresses(address: str):
    assert not is_private(address)


@given(st.ip_addresses())
def test_every_address_is_one_or_the_other(address: Any):
    assert is_private(str(address)) in (True, False)
    if not address.is_global:
        assert is_private(str(address))


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "LOCALHOST.",
        "router",
        "nas.local",
        "fritz.box.home.arpa",
        "metadata.google.internal",
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "127.1",
        "[::1]",
        "::ffff:127.0.0.1",
        "",
    ],
)
def test_private_hosts(host: str):
    assert is_private_host(host)


@pytest.mark.parametrize("host", ["arxiv.org", "export.arxiv.org.", "8.8.8.8", "0x08080808"])
def test_hosts_that_may_be_public(host: str):
    assert not is_private_host(host)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "2130706433", "0x7f.1"])
def test_the_own_network_is_not_asked(service: Service, host: str):
    message = failure(real(), f"http://{host}:{service.port}/")
    assert message.endswith(
        " is in a private network; network.private_addresses = true in the settings allows that"
    )
    assert service.requests == []


def test_a_public_name_does_not_lead_into_the_own_network(service: Service, names: Names):
    names["feeds.example.org"] = ["8.8.8.8", "127.0.0.1"]
    message = failure(real(), f"http://feeds.example.org:{service.port}/")
    assert message.startswith("feeds.example.org leads to 127.0.0.1, which is in a private network")
    assert names.asked == ["feeds.example.org"]
    assert service.requests == []


def test_a_redirect_does_not_lead_there_by_a_public_name(service: Service, names: Names):
    class Elsewhere(Routed):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            if request.url.host == "a.org":
                return super().handle_request(request)
            return direct.handle_request(request)

    direct = network.Network(service.clock)
    names["feeds.example.org"] = ["127.0.0.1"]
    to = f"http://feeds.example.org:{service.port}/"
    service.answer("", Reply(status=302, headers={"Location": to}))
    message = failure(real(transport=Elsewhere(service.clock, service.port)), "http://a.org/")
    assert message.startswith("feeds.example.org leads to 127.0.0.1, which is in a private network")
    assert [request.url for request in service.requests] == ["http://a.org/"]


def test_the_own_network_is_asked_if_that_is_allowed(service: Service):
    service.answer("", "pong")
    with real(private_addresses=True) as client:
        assert client.get(f"{service.url}/ping").body == b"pong"


def test_the_name_server_is_asked_once_and_each_address_tried(service: Service, names: Names):
    names["papers.example.org"] = ["::1", "127.0.0.1"]  # nobody listens at the first
    service.answer("", "here")
    with real(private_addresses=True) as client:
        client.get(f"http://papers.example.org:{service.port}/")
    assert names.asked == ["papers.example.org"]
    assert service.requests[0].headers["host"] == f"papers.example.org:{service.port}"


def test_a_name_that_nobody_knows(names: Names):
    message = failure(real(), "https://nowhere.example.org/")
    assert message == "nowhere.example.org cannot be found; is the network up?"
    assert names.asked == ["nowhere.example.org"]


def test_a_door_that_nobody_opens(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(network.TIMEOUT, "connect", 0.01)
    with socket.socket() as busy, ExitStack() as waiting:
        busy.bind(("127.0.0.1", 0))
        busy.listen(0)
        for _ in range(4):  # more than may wait
            caller = waiting.enter_context(socket.socket())
            caller.setblocking(False)
            caller.connect_ex(busy.getsockname())
        client = real(private_addresses=True)
        message = failure(client, f"http://127.0.0.1:{busy.getsockname()[1]}/")
    assert message.startswith("127.0.0.1 did not accept a connection in 0 seconds 3 times")


def test_a_closed_door():
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))  # but does not listen
        client = real(private_addresses=True)
        message = failure(client, f"http://127.0.0.1:{closed.getsockname()[1]}/")
    assert message == "127.0.0.1 accepts no connection 3 times; try again later"


def test_who_was_not_reached_need_not_be_paused_for(service: Service, names: Names):
    """arXiv wants 3 seconds between requests; the tries themselves are a second and two apart."""
    service.answer("", "papers")
    clock = FakeClock()
    with (
        Client(cache_folder=None, keys=str, clock=clock, private_addresses=True) as client,
        socket.socket() as closed,
    ):
        for _ in range(2):
            with pytest.raises(SourceError, match="cannot be found"):
                client.get("http://export.arxiv.org/")
        assert clock.pauses == []
        names["export.arxiv.org"] = names["rss.arxiv.org"] = ["127.0.0.1"]
        closed.bind(("127.0.0.1", 0))  # but does not listen
        for _ in range(2):
            with pytest.raises(SourceError, match="accepts no connection 3 times"):
                client.get(f"http://export.arxiv.org:{closed.getsockname()[1]}/")
        assert clock.pauses == [1.0, 2.0, 4.0, 1.0, 2.0]
        url = f"http://rss.arxiv.org:{service.port}/"
        assert [client.get(url).body, client.get(url).body] == [b"papers"] * 2
        assert clock.pauses[5:] == [3.0]


@pytest.fixture
def secure(monkeypatch: pytest.MonkeyPatch, names: Names) -> Iterator[Service]:
    """papers.example.org with its certificate, and another host that has none of its own."""
    names["papers.example.org"] = names["other.example.org"] = ["127.0.0.1"]
    monkeypatch.setenv("SSL_CERT_FILE", str(TLS / "ca.pem"))
    with Service(certificate=str(TLS / "server.pem")) as running:
        yield running


def test_tls_is_with_the_name(secure: Service):
    secure.answer("", "secret")
    with real(private_addresses=True) as client:
        url = f"https://papers.example.org:{secure.port}/"
        assert [client.get(url).body, client.get(url).body] == [b"secret"] * 2


def test_a_certificate_of_another_name(secure: Service):
    message = failure(real(private_addresses=True), f"https://other.example.org:{secure.port}/")
    assert message.startswith(
        "other.example.org has a certificate that is not trusted (Hostname mi"
    )
    assert message.endswith("; SSL_CERT_FILE may name further ones")


def test_a_certificate_of_nobody_known(secure: Service, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("SSL_CERT_FILE")
    message = failure(real(private_addresses=True), f"https://papers.example.org:{secure.port}/")
    assert message.startswith("papers.example.org has a certificate that is not trusted (")


def test_certificates_that_cannot_be_read(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SSL_CERT_FILE", "/nowhere/ca.pem")
    message = failure(real(), "https://arxiv.org/")
    assert message == "the certificates of SSL_CERT_FILE cannot be read"


def test_the_proxy_of_the_environment_is_used(
    service: Service, monkeypatch: pytest.MonkeyPatch, names: Names
):
    service.answer("", "through the proxy")
    monkeypatch.setenv("http_proxy", f"http://ada:s3cret@127.0.0.1:{service.port}")
    with real() as client:
        assert client.get("http://papers.example.org/x?y=1").body == b"through the proxy"
    (request,) = service.requests
    assert request.url == "http://papers.example.org/x?y=1"
    assert request.headers["proxy-authorization"].startswith("Basic ")
    assert names.asked == []
    assert "private network" in failure(real(), "http://router/")
    monkeypatch.setenv("no_proxy", "example.org")
    assert "cannot be found" in failure(real(), "http://papers.example.org/")


@pytest.mark.parametrize(
    ("proxy", "message"),
    [
        ("http://ada:s3cret@127.0.0.1:{port}", "arxiv.org cannot be reached through the proxy of"),
        ("127.0.0.1:{port}", "arxiv.org cannot be reached through the proxy of the environment"),
        ("ftp://s3cret@127.0.0.1", "the proxy of the environment is a ftp one"),
        ("http://s3cret@127.0.0.1:port", "the proxy of the environment is not a URL"),
        ("socks5://s3cret@127.0.0.1", "the proxy of the environment needs: pip install 'httpx["),
    ],
)
def test_a_proxy_that_does_not_work(
    service: Service, monkeypatch: pytest.MonkeyPatch, proxy: str, message: str
):
    monkeypatch.setenv("https_proxy", proxy.format(port=service.port))
    found = failure(real(), "https://arxiv.org/")
    assert found.startswith(message)
    assert "s3cret" not in found
