"""How long the client waits, and for what."""

import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from filelock import FileLock
from server import FakeClock, Reply, Service

from readlist.errors import SourceError, StoppedError
from readlist.sources.client import Client

ARXIV = "https://export.arxiv.org/api/query"
S2 = "https://api.semanticscholar.org/graph/v1/paper/batch"
OAI = "https://oaipmh.arxiv.org/oai"
FEED = "https://feeds.example.org/papers.xml"
TOO_MANY = "answered 429 Too Many Requests 3 times; try again later"


def failure(client: Client, url: str) -> str:
    with pytest.raises(SourceError) as caught:
        client.get(url)
    return str(caught.value)


def test_all_of_arxiv_is_asked_every_three_seconds(service: Service):
    service.answer("", "")
    with service.client() as client:
        for host in ("export", "rss", "oaipmh", "www"):
            client.get(f"https://{host}.arxiv.org/")
        client.get("https://arxiv.org/pdf/1706.03762")
        client.get("https://huggingface.co/api/daily_papers")
        client.get("https://notarxiv.org/")
    assert service.clock.pauses == [3.0] * 4


def test_time_that_has_passed_counts(service: Service):
    service.answer("", "")
    with service.client() as client:
        client.get(ARXIV)
        service.clock.advance(2)
        client.get(ARXIV)
        service.clock.advance(4)
        client.get(ARXIV)
    assert service.clock.pauses == [1.0]


@pytest.mark.parametrize(
    ("headers", "pause"),
    [
        ({"Retry-After": "7"}, 7.0),
        ({"Retry-After": "0"}, 3.0),
        ({"Retry-After": "Mon, 23 Nov 2026 09:30:45 GMT"}, 45.0),
        ({"Retry-After": "Mon, 23 Nov 2026 09:00:00 GMT"}, 3.0),
        ({"RateLimit": '"api";r=0;t=42'}, 42.0),
        ({"Retry-After": "soon"}, 30.0),
        ({"Retry-After": "-5"}, 30.0),
        ({"Retry-After": "²"}, 30.0),
        ({"Retry-After": "Mon, 23 Nov 0000 99:30:45 GMT"}, 30.0),
        ({}, 30.0),
    ],
)
def test_who_asks_to_wait_is_waited_for(service: Service, headers: dict[str, str], pause: float):
    service.answer("", Reply("Rate exceeded.", 429, headers), "at last")
    with service.client() as client:
        assert client.get(ARXIV).body == b"at last"
    assert service.clock.pauses == [pause]


def test_pauses_grow_with_a_die(service: Service):
    service.answer("", 429, 503, "at last")
    service.clock.time += timedelta(microseconds=500_000)
    with service.client() as client:
        client.get(S2)
    # A second is half over, so half of a half longer; after that pause it is a quarter.
    assert service.clock.pauses == [13.75, 24.75]


@pytest.mark.parametrize(("status", "pauses"), [(503, [10.0, 20.0]), (500, [1.0, 2.0])])
def test_a_service_that_is_overloaded_gets_more_time(
    service: Service, status: int, pauses: list[float]
):
    service.answer("", status, status, "at last")
    with service.client() as client:
        client.get(FEED)
    assert service.clock.pauses == pauses


def test_three_refusals_are_enough_for_all(service: Service):
    service.answer("", 429)
    with service.client() as client:
        assert failure(client, ARXIV) == f"export.arxiv.org {TOO_MANY}"
        expected = "export.arxiv.org wants to be left alone; try again in 5 minutes"
        assert failure(client, "https://export.arxiv.org/pdf/1706.03762") == expected
        assert failure(client, S2) == f"api.semanticscholar.org {TOO_MANY}"
        assert len(service.requests) == 6
        service.clock.advance(301)
        failure(client, ARXIV)
    assert len(service.requests) == 9
    assert service.clock.pauses[:2] == [30.0, 60.0]


def test_while_one_is_waited_for_the_others_of_its_service_are_asked(service: Service):
    waiting, answered = threading.Event(), threading.Event()

    class Waiting(FakeClock):
        def sleep(self, seconds: float, stopped: threading.Event) -> None:
            if seconds == 60:
                waiting.set()
                answered.wait(10)
            super().sleep(seconds, stopped)

    service.answer("/api/query", Reply(status=429, headers={"Retry-After": "60"}), "at last")
    service.answer("/oai", "records")
    with service.client(clock=Waiting()) as client:
        patient = threading.Thread(target=client.get, args=(ARXIV,))
        patient.start()
        assert waiting.wait(10)
        client.get(OAI)
        answered.set()
        patient.join(10)
    assert [request.path for request in service.requests] == ["/api/query", "/oai", "/api/query"]


@pytest.mark.parametrize("shared", [False, True])
def test_who_refuses_does_not_speak_for_the_others_of_its_service(
    service: Service, tmp_path: Path, *, shared: bool
):
    service.answer("/api/query", 429)
    service.answer("/oai", "records")
    folder = str(tmp_path) if shared else None
    with service.client(cache_folder=folder) as client:
        failure(client, ARXIV)
        assert client.get(OAI).body == b"records"
        assert service.clock.pauses == [30.0, 60.0, 3.0]
        assert "try again in 5 minutes" in failure(client, ARXIV)
    with service.client(cache_folder=folder) as client:
        assert client.get(OAI).body == b"records"
        assert ("left alone" in failure(client, ARXIV)) == shared


def test_who_asks_for_too_long_is_not_waited_for(service: Service):
    service.answer("", Reply("", 503, {"Retry-After": "1800"}))
    with service.client() as client:
        expected = "export.arxiv.org wants to be left alone; try again in 30 minutes"
        assert failure(client, ARXIV) == expected
        assert failure(client, ARXIV) == expected
    assert len(service.requests) == 1
    assert service.clock.pauses == []


def test_nobody_is_left_alone_for_more_than_an_hour(service: Service):
    service.answer("", Reply("", 429, {"Retry-After": "999999999999"}), "back")
    with service.client() as client:
        assert failure(client, FEED).endswith("try again in 60 minutes")
        service.clock.advance(3601)
        assert client.get(FEED).body == b"back"


def test_a_clock_that_was_set_back_costs_one_pause(service: Service, tmp_path: Path):
    service.answer("", "")
    with service.client(cache_folder=str(tmp_path)) as client:
        client.get(ARXIV)
        service.clock.advance(-86400)
        client.get(ARXIV)
    assert service.clock.pauses == [3.0]


@pytest.mark.parametrize("said", ["", "nonsense", "nan nan", "inf inf", "1 2 3", "\xff"])
def test_a_damaged_file_of_times_is_no_obstacle(service: Service, tmp_path: Path, said: str):
    (tmp_path / "hosts").mkdir()
    (tmp_path / "hosts" / "arxiv.org").write_text(said, "latin-1")
    service.answer("", "fine")
    with service.client(cache_folder=str(tmp_path)) as client:
        assert client.get(ARXIV).body == b"fine"
    assert sum(service.clock.pauses) <= 3.0


def test_a_service_is_asked_one_thing_at_a_time_and_others_meanwhile(service: Service):
    seen = Together(service)
    with service.client() as client:
        urls = [f"https://{host}/" for host in ("export.arxiv.org", "rss.arxiv.org", "arxiv.org")]
        threads = [threading.Thread(target=client.get, args=(url,)) for url in urls * 2]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)
    assert (seen.count, seen.most) == (6, 1)
    assert service.clock.pauses == [3.0] * 5


def test_another_host_does_not_wait(service: Service):
    other = threading.Event()
    service.answer("arxiv", Reply(b"x" for _ in range(1) if other.wait(10)))
    service.answer("example", "")
    with service.client() as client:
        slow = threading.Thread(target=client.get, args=(ARXIV,))
        slow.start()
        client.get(FEED)
        other.set()
        slow.join(10)
    assert service.clock.pauses == []


class Together:
    """Counts how many requests are answered at the same time."""

    def __init__(self, service: Service) -> None:
        self.count = self.most = self._now = 0
        self._lock = threading.Lock()
        service.answer("", *[Reply(self._body()) for _ in range(99)])

    def _body(self):
        with self._lock:
            self.count += 1
            self._now += 1
            self.most = max(self.most, self._now)
        yield b"x" * 100_000
        yield b"x"
        with self._lock:
            self._now -= 1
        yield b"x"


SCRIPT = """
import sys
sys.path.insert(0, sys.argv[1])
from server import FakeClock, Routed
from readlist.sources.client import Client

clock = FakeClock()
client = Client(
    cache_folder=sys.argv[2], keys=str, clock=clock, transport=Routed(clock, int(sys.argv[3]))
)
with client:
    for _ in range(4):
        client.get("https://export.arxiv.org/")
"""


def test_stopping_ends_waiting_for_another_process(service: Service, tmp_path: Path):
    (tmp_path / "hosts").mkdir()
    other = FileLock(tmp_path / "hosts" / "arxiv.org.lock")
    ended = []

    def ask() -> None:
        try:
            client.get(ARXIV)
        except StoppedError:
            ended.append(ARXIV)

    with other, service.client(cache_folder=str(tmp_path)) as client:
        thread = threading.Thread(target=ask)
        thread.start()
        client.stop()
        thread.join(5)
    assert ended == [ARXIV]
    assert service.requests == []


def test_processes_take_turns(service: Service, tmp_path: Path):
    seen = Together(service)
    command = [sys.executable, "-c", SCRIPT, str(Path(__file__).parents[1]), str(tmp_path)]
    running = [subprocess.Popen([*command, str(service.port)]) for _ in range(2)]
    assert [process.wait(60) for process in running] == [0, 0]
    assert (seen.count, seen.most) == (8, 1)
    with service.client(cache_folder=str(tmp_path)) as client:
        client.get(ARXIV)
    assert service.clock.pauses == [3.0]
