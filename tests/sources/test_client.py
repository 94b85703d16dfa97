"""What the owner and the services notice of the client, over a real connection."""

import gzip
import socket
import threading
import tracemalloc
from collections.abc import Iterator
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from server import FakeClock, Reply, Service

import readlist
from readlist.errors import OfflineError, SourceError, StoppedError
from readlist.sources.answers import unpacked
from readlist.sources.client import Client, json_of, xml_of

ARXIV = "https://export.arxiv.org/api/query"
FEED = "https://feeds.example.org/papers.xml"


def failure(client: Client, url: str = FEED, **options: object) -> str:
    with pytest.raises(SourceError) as caught:
        client.get(url, **options)
    return str(caught.value)


def test_an_answer_comes_as_it_is(service: Service):
    service.answer("/api/query", Reply({"papers": []}, headers={"X-Total": "0"}))
    with service.client() as client:
        answer = client.get(ARXIV, params={"start": 0, "search_query": 'ti:"a & b"'})
    assert (answer.status, answer.headers["x-total"]) == (200, "0")
    assert answer.url == ARXIV + "?start=0&search_query=ti%3A%22a+%26+b%22"
    assert json_of(answer) == {"papers": []}
    assert service.requests[0].query == {"start": "0", "search_query": 'ti:"a & b"'}


@pytest.mark.parametrize("contact", ["", "ada@example.org"])
def test_we_say_who_we_are(service: Service, contact: str):
    service.answer("", "")
    with service.client(contact=contact) as client:
        client.get(FEED, headers={"User-Agent": "Mozilla/5.0"})
    agent = service.requests[0].headers["user-agent"]
    told = f" (mailto:{contact})" if contact else ""
    assert agent == f"readlist/{readlist.__version__}{told}"


def test_a_post_sends_json(service: Service):
    service.answer("batch", 503, [1])
    with service.client() as client:
        answer = client.post("https://api.semanticscholar.org/batch", json={"ids": ["é"]})
    assert json_of(answer) == [1]
    assert [request.json for request in service.requests] == [{"ids": ["é"]}] * 2
    assert service.requests[0].headers["content-type"] == "application/json"


@pytest.mark.parametrize("status", [404, 410])
def test_unknown_is_an_answer(service: Service, status: int):
    service.answer("", Reply("Resource not found.", status))
    with service.client() as client:
        answer = client.get("https://api.crossref.org/works/10.1/x")
    assert (answer.status, answer.body) == (status, b"Resource not found.")


# What is tried again, and what is not


def test_a_passing_failure_is_tried_again(service: Service):
    service.answer("", 502, 500, "at last")
    with service.client() as client:
        assert client.get(FEED).body == b"at last"
    assert service.clock.pauses == [1.0, 2.0]


def test_a_lasting_failure_ends_after_three_tries(service: Service):
    service.answer("", Reply("<html>Oops</html>", 500))
    with service.client() as client:
        message = failure(client)
    expected = "feeds.example.org answered 500 Internal Server Error 3 times; try again later"
    assert message == expected
    assert len(service.requests) == 3


@pytest.mark.parametrize(
    ("status", "body", "message"),
    [
        (400, {"error": "No valid paper ids given"}, "400 Bad Request: No valid paper ids given"),
        (400, {"error": {"code": 1}, "message": "m\n\x1b[31mn"}, "400 Bad Request: m n"),
        (400, {"error": 7}, "400 Bad Request"),
        (400, [], "400 Bad Request: []"),
        (400, "<feed/>", "400 Bad Request"),
        (403, "<html>", "403 Forbidden; it may want a key, or refuse scripts"),
        (418, "", "418 I'm a Teapot"),
        (599, b"", "599"),
    ],
)
def test_a_clear_no_is_not_argued_with(service: Service, status: int, body: object, message: str):
    service.answer("", Reply(body, status))
    with service.client() as client, pytest.raises(SourceError) as caught:
        client.get(FEED)
    assert str(caught.value) == f"feeds.example.org answered {message}"
    assert caught.value.status == status
    assert len(service.requests) == 1


def test_long_and_endless_complaints_are_cut(service: Service):
    service.answer("/a", Reply("x" * 15_000, 400, {"Content-Type": "text/plain"}))
    service.answer("/b", Reply("x" * 10_000_000, 400, {"Content-Type": "text/plain"}))
    with service.client() as client:
        assert len(failure(client, "https://a.org/a")) < 250
        assert failure(client, "https://a.org/b") == "a.org answered 400 Bad Request"


@pytest.mark.parametrize(
    "reply",
    [
        Reply(raw=b""),
        Reply(raw=b"HTTP/1.1 200 OK\r\nContent-Le"),
        Reply(raw=b"SSH-2.0-OpenSSH_9.2\r\n"),
        Reply(b"half", length=9),
        Reply(raw=b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf"),
    ],
)
def test_a_broken_off_answer_is_tried_again(service: Service, reply: Reply):
    service.answer("", reply, "whole")
    service.answer("/never", reply)
    with service.client() as client:
        assert client.get(FEED).body == b"whole"
        expected = "a.org broke off its answer 3 times; try again later"
        assert failure(client, "https://a.org/never") == expected
    assert len(service.requests) == 5


@pytest.mark.parametrize(
    ("body", "encoding"),
    [
        (gzip.compress(b"papers", mtime=0)[:-9], "gzip"),
        (b"plain", "gzip"),
        (gzip.compress(b"papers" * 100, mtime=0)[:30] + b"?" * 40, "gzip"),
        (b"papers", "br"),
    ],
)
def test_a_damaged_answer_is_tried_again(service: Service, body: bytes, encoding: str):
    service.answer("", Reply(body, headers={"Content-Encoding": encoding}))
    with service.client() as client:
        expected = "feeds.example.org answered with damaged data 3 times; try again later"
        assert failure(client) == expected


@given(body=st.binary(max_size=300), pieces=st.integers(1, 9), zeros=st.integers(0, 200_000))
def test_what_was_packed_is_unpacked(body: bytes, pieces: int, zeros: int):
    body += bytes(zeros)
    packed = gzip.compress(body)
    chunks = [packed[at : at + pieces] for at in range(0, len(packed), pieces)]
    assert unpacked(chunks, "gzip", len(body) + 1000) == body


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(
    st.sampled_from([b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 302 Found\r\nLocation: "]),
    st.lists(
        st.sampled_from(
            [b"Content-Length: ", b"9" * 5000, b"-1", b"\r\n", b"\x00\xff", b"://", b"[", b"//x y"]
        ),
        max_size=6,
    ),
    st.binary(max_size=9),
)
def test_nonsense_is_a_source_error(service: Service, head: bytes, middle: list[bytes], end: bytes):
    service.answer("", Reply(raw=head + b"".join(middle) + end))
    with service.client() as client, suppress(SourceError):
        client.get(FEED)


# Size and time


def test_an_answer_is_bounded(service: Service):
    service.answer("/said", "x" * 2000)
    service.answer("/unsaid", Reply(b"x" * 300 for _ in range(10)))
    service.answer("/exact", "x" * 1000)
    with service.client() as client:
        expected = "a.org answers with more than 0.001 MB"
        assert failure(client, "https://a.org/said", limit=1000) == expected
        assert failure(client, "https://a.org/unsaid", limit=1000) == expected
        assert len(client.get("https://a.org/exact", limit=1000).body) == 1000
    assert len(service.requests) == 3


def test_a_gzip_bomb_does_not_go_off(service: Service):
    bomb = gzip.compress(bytes(200_000_000), 1)
    service.answer("", Reply(bomb, headers={"Content-Encoding": "gzip"}))
    with service.client() as client:
        client.key("s2")  # so that everything is imported
        tracemalloc.start()
        message = failure(client, limit=1_000_000)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert message == "feeds.example.org answers with more than 1 MB"
    assert peak < 20_000_000
    assert len(service.requests) == 1


def drip(service: Service, first: bytes, piece: bytes) -> Iterator[bytes]:
    """An endless answer, of which a piece comes now and then."""
    yield first
    while True:
        service.clock.advance(5)
        yield piece


def test_a_slow_drip_ends(service: Service):
    service.answer("/head", Reply(raw=drip(service, b"HTTP/1.1 200 OK\r\n", b"x")))
    service.answer("/body", Reply(drip(service, b"", b"x")))
    with service.client() as client:
        assert failure(client, "https://a.org/head") == "a.org answers too slowly"
        assert failure(client, "https://b.org/body") == "b.org answers too slowly"
    assert len(service.requests) == 2


def test_a_slow_line_is_served(service: Service):
    def slowly() -> Iterator[bytes]:
        for _ in range(30):
            service.clock.advance(10)
            yield b"x" * 1_000_000

    service.answer("", Reply(slowly()))
    with service.client() as client:
        assert len(client.get(FEED).body) == 30_000_000


def test_silence_ends(service: Service, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(
        __import__("readlist.sources.network").sources.network.TIMEOUT, "read", 0.01
    )
    silence = threading.Event()
    service.answer("", Reply(iter(lambda: silence.wait(5) and b"", None)))
    with service.client() as client:
        message = failure(client)
    silence.set()
    assert message == "feeds.example.org did not answer in 0 seconds 3 times; try again later"


# What is what


@pytest.mark.parametrize(
    ("body", "json", "xml"),
    [
        (b"<!DOCTYPE html><p>Captcha", "a web page instead of JSON", "a web page instead of XML"),
        (b"\n <html><body>Oops</html>", "a web page instead of JSON", "a web page instead of XML"),
        (
            b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><p/></html>',
            "a web page instead of JSON",
            "a web page instead of XML",
        ),
        (b"", "nothing instead of JSON", "nothing instead of XML"),
        (b"Rate exceeded.", "damaged JSON", "damaged XML"),
        (b"<feed><entry></feed>", "XML instead of JSON", "damaged XML"),
        (b"<feed>&nbsp;</feed>", "XML instead of JSON", "damaged XML"),
        (b'{"half": [', "damaged JSON", "damaged XML"),
        (b'"\xff"', "damaged JSON", "damaged XML"),
        (b"[" * 100_000, "damaged JSON", "damaged XML"),
        (b"9" * 10_000, "damaged JSON", "damaged XML"),
        (b'<?xml version="1.0" encoding="klingon"?><a/>', "XML instead of JSON", "damaged XML"),
        (
            b'<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]><a>&c;</a>',
            "XML instead of JSON",
            "XML that declares entities",
        ),
        (
            b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
            "XML instead of JSON",
            "XML that declares entities",
        ),
    ],
)
def test_what_is_not_what_it_should_be(service: Service, body: bytes, json: str, xml: str):
    service.answer("", body)
    with service.client() as client:
        answer = client.get(FEED)
    for read, what in ((json_of, json), (xml_of, xml)):
        with pytest.raises(SourceError) as caught:
            read(answer)
        assert str(caught.value).startswith(f"feeds.example.org answered with {what}")


def test_what_is_what_it_should_be(service: Service):
    service.answer("json", Reply(b'\xef\xbb\xbf{"a": NaN}', headers={"Content-Type": "text/html"}))
    service.answer(
        "xml", '<!DOCTYPE a PUBLIC "-//NLM//DTD" "https://dtd.nlm.nih.gov/a.dtd"><a>é</a>'
    )
    with service.client() as client:
        assert json_of(client.get("https://a.org/json")) == {"a": None}
        assert xml_of(client.get("https://a.org/xml")).text == "é"


def test_control_characters_do_not_spoil_a_document(service: Service):
    noise = bytes(range(0x20)).decode()
    service.answer("/8", f"<a>é{noise}b</a>")
    service.answer("/16", '<a b="Ā℀">\u0109</a>'.encode("utf-16"))  # of bytes such as these
    with service.client() as client:
        assert xml_of(client.get("https://a.org/8")).text == "é\t\n\nb"
        root = xml_of(client.get("https://a.org/16"))
    assert (root.get("b"), root.text) == ("Ā℀", "\u0109")


# The owner's own


def test_no_key_and_no_address_is_in_any_message(service: Service):
    service.answer("", Reply({"error": "bad key s3cret of ada@example.org"}, 403))
    with service.client(contact="ada@example.org", keys={"ncbi": " s3cret\n"}) as client:
        key = client.key("ncbi")
        params = {"api_key": key, "email": client.contact, "term": "x"}
        message = failure(client, params=params)
        assert failure(client, "ftp://u:s3cret@a.org/?api_key=s3cret") == (
            "'ftp://a.org/' is not an http or https address"
        )
        assert "s3cret" not in failure(client, "https://u:s3cret@a.org/")
        assert client.key("hf") == ""
    assert message == (
        "feeds.example.org answered 403 Forbidden: bad key *** of ***;"
        " it may want a key, or refuse scripts"
    )
    assert service.requests[0].query == {
        "api_key": "s3cret",
        "email": "ada@example.org",
        "term": "x",
    }


@pytest.mark.parametrize("echo", ["{}", "x" * 190 + "{}", "https://a.org/?api_key={}"])
@pytest.mark.parametrize("key", ["s3cret+key/with=signs", "s3cret%2Bkey%2Fwith%3Dsigns"])
def test_not_even_a_part_of_a_key_is_in_a_message(service: Service, echo: str, key: str):
    service.answer("", Reply(echo.format(key), 400, {"Content-Type": "text/plain"}))
    with service.client(keys={"ncbi": "s3cret+key/with=signs"}) as client:
        client.key("ncbi")
        assert "s3c" not in failure(client)


def test_the_address_of_an_answer_has_no_key_in_it(service: Service):
    service.answer("", "")
    with service.client() as client:
        answer = client.get(FEED, params={"api_key": "s3cret", "mailto": "a@b.org", "term": "x"})
    assert answer.url == f"{FEED}?term=x"


@pytest.mark.parametrize("key", ["é", "a\nb"])
def test_a_key_that_cannot_be_sent(service: Service, key: str):
    with service.client() as client, pytest.raises(SourceError) as caught:
        client.get(FEED, headers={"x-api-key": key})
    expected = "feeds.example.org cannot be asked: a key or header holds what it must not"
    assert str(caught.value) == expected
    assert caught.value.__cause__ is None


def test_cookies_are_not_kept(service: Service):
    service.answer("", Reply("x", headers={"Set-Cookie": "id=7", "Cache-Control": "max-age=9"}))
    with service.client() as client:
        assert "set-cookie" not in client.get(FEED).headers
        client.get(FEED)
    assert [request.headers.get("cookie") for request in service.requests] == [None, None]


@pytest.mark.parametrize(
    "url",
    [
        "",
        "papers",
        "//a.org/x",
        "https://",
        "file:///etc/passwd",
        "http://[",
        "https://a b/",
        "https://xn--zz\x00/",
        "javascript:alert(1)",
    ],
)
def test_what_is_no_address_of_the_web(service: Service, url: str):
    with service.client(private_addresses=True) as client:
        assert failure(client, url).endswith(" is not an http or https address")


def test_offline_nobody_is_asked(service: Service):
    with service.client(offline=True) as client:
        with pytest.raises(OfflineError, match=r"^offline: feeds\.example\.org was not asked$"):
            client.get(FEED)
        with pytest.raises(OfflineError):
            client.post(FEED, json={})
    assert service.requests == []


# Redirects


def moved(to: str, status: int = 301) -> Reply:
    return Reply("gone there", status, {"Location": to})


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_followed(service: Service, status: int):
    service.answer("/old", moved("../new#top", status))
    service.answer("/new", "here")
    with service.client() as client:
        answer = client.get("http://a.org/x/old", headers={"x-api-key": "k"})
    assert (answer.url, answer.body) == ("http://a.org/new", b"here")
    assert service.requests[1].headers["x-api-key"] == "k"
    assert service.clock.pauses == [1.0]


@pytest.mark.parametrize(
    ("to", "kept"),
    [
        ("https://b.org/new", False),
        ("http://a.org/new", False),
        ("https://a.org:8080/new", False),
        ("https://sub.a.org/new", False),
        ("https://a.org/new", True),
    ],
)
def test_a_key_stays_with_its_host(service: Service, to: str, kept: bool):
    service.answer("/old", moved(to))
    service.answer("/new", "here")
    headers = {"Authorization": "Bearer k", "X-Api-Key": "k", "Accept": "text/x"}
    with service.client() as client:
        client.get("https://a.org/old", headers=headers)
    sent = service.requests[1].headers
    assert sent["accept"] == "text/x"
    assert ("authorization" in sent, "x-api-key" in sent) == (kept, kept)


@pytest.mark.parametrize(
    ("to", "message"),
    [
        ("file:///etc/passwd", "a.org redirects to what is not an http or https address"),
        ("ftp://b.org/x", "a.org redirects to what is not an http or https address"),
        ("https://u:p@b.org/", "b.org is not asked with a password in its address"),
        ("http://[", "a.org redirects to what is not an http or https address"),
        ("http://b.org:x/", "a.org redirects to what is not an http or https address"),
        ("/old", "a.org redirects more than 5 times"),
        ("", "a.org redirects more than 5 times"),
        ("http://169.254.169.254/meta", "a.org leads to 169.254.169.254, which is in a private"),
        ("//127.0.0.1/", "a.org leads to 127.0.0.1, which is in a private network"),
        ("http://2130706433/", "a.org leads to 2130706433, which is in a private network"),
        ("http://0x7f000001./", "a.org leads to 0x7f000001., which is in a private network"),
        ("http://[::1]/", "a.org leads to ::1, which is in a private network"),
        ("http://[::ffff:127.0.0.1]/", "a.org leads to ::ffff:127.0.0.1, which is in a private"),
        ("http://[fd00::1]/", "a.org leads to fd00::1, which is in a private network"),
        ("http://100.64.0.1/", "a.org leads to 100.64.0.1, which is in a private network"),
        ("http://router/", "a.org leads to router, which is in a private network"),
    ],
)
def test_redirects_that_are_not_followed(service: Service, to: str, message: str):
    service.answer("/old", moved(to))
    with service.client() as client:
        assert failure(client, "https://a.org/old").startswith(message)
    assert {request.path for request in service.requests} == {"/old"}


def test_a_post_is_not_redirected(service: Service):
    service.answer("", moved("https://b.org/", 307))
    with (
        service.client() as client,
        pytest.raises(SourceError, match="307 Temporary Redirect to a"),
    ):
        client.post("https://a.org/", json={})


# The end


def test_stopping_ends_what_waits_for_an_answer(service: Service):
    ended, asked, release = [], threading.Event(), threading.Event()

    def silence() -> Iterator[bytes]:
        asked.set()
        release.wait(10)
        yield b""

    service.answer("", Reply(silence()))

    def ask(client: Client) -> None:
        try:
            client.get(FEED)
        except StoppedError:
            ended.append(str(threading.current_thread().name))

    with service.client() as client:
        threads = [threading.Thread(target=ask, args=(client,)) for _ in range(3)]
        for thread in threads:
            thread.start()
        assert asked.wait(10)
        client.stop()
        for thread in threads:
            thread.join(5)
        assert not release.is_set()
        with pytest.raises(StoppedError):
            client.get("https://other.org/")
    release.set()
    assert len(ended) == 3


def test_stopping_ends_a_pause(service: Service):
    class Waiting(FakeClock):
        def sleep(self, seconds: float, stopped: threading.Event) -> None:
            super().sleep(seconds, stopped)
            threading.Thread(target=client.stop).start()
            assert stopped.wait(10)

    service.answer("", 503)
    with service.client(clock=Waiting()) as client, pytest.raises(StoppedError):
        client.get(FEED)
    assert len(service.requests) == 1


@pytest.mark.parametrize("at", ["the name server", "the handshake"])
def test_stopping_ends_a_connection_that_is_not_made_yet(at: str, monkeypatch: pytest.MonkeyPatch):
    begun, release, ended = threading.Event(), threading.Event(), []

    def ask() -> None:
        try:
            client.get(f"https://127.0.0.1:{port}/")
        except StoppedError:
            ended.append(at)

    def silent(*arguments: object, **options: object) -> None:
        begun.set()
        release.wait(10)
        raise OSError

    if at == "the name server":
        monkeypatch.setattr(socket, "getaddrinfo", silent)
    client = Client(cache_folder=None, keys=lambda _: "", clock=FakeClock(), private_addresses=True)
    with client, socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        thread = threading.Thread(target=ask)
        thread.start()
        if at == "the handshake":
            connection, _ = server.accept()
            assert connection.recv(1)
            begun.set()
        assert begun.wait(10)
        client.stop()
        thread.join(5)
        assert ended == [at]
        release.set()
        if at == "the handshake":
            connection.close()
