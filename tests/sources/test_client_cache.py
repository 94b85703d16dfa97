"""What is not asked for twice."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from server import Reply, Service

from readlist.errors import OfflineError, SourceError
from readlist.sources.cache import Cache, Stored, entry

FEED = "https://feeds.example.org/papers.xml"
ETAG = {"ETag": '"1"', "Last-Modified": "Mon, 23 Nov 2026 00:00:00 GMT"}


@pytest.fixture
def folder(tmp_path: Path) -> str:
    return str(tmp_path / "cache")


def files(folder: str) -> list[Path]:
    return sorted(Path(folder, "answers").glob("*"))


def test_what_is_unchanged_is_not_sent_again(service: Service, folder: str):
    service.answer("", Reply("papers", headers=ETAG), Reply("", 304, {"X-New": "1"}))
    with service.client(cache_folder=folder) as client:
        first = client.get(FEED)
    with service.client(cache_folder=folder) as client:
        second = client.get(FEED)
    assert (second.status, second.url, second.body) == (200, FEED, b"papers")
    assert second.headers == {**first.headers, **second.headers, "x-new": "1"}
    sent = [request.headers for request in service.requests]
    assert "if-none-match" not in sent[0]
    assert sent[1]["if-none-match"] == '"1"'
    assert sent[1]["if-modified-since"] == ETAG["Last-Modified"]


def test_what_has_changed_takes_its_place(service: Service, folder: str):
    service.answer(
        "", Reply("old", headers=ETAG), Reply("new", headers={"ETag": '"2"'}), Reply("", 304)
    )
    with service.client(cache_folder=folder) as client:
        assert [client.get(FEED).body for _ in range(3)] == [b"old", b"new", b"new"]
    assert service.requests[2].headers["if-none-match"] == '"2"'
    assert len(files(folder)) == 1


def test_what_is_fresh_is_not_asked_for(service: Service, folder: str):
    service.answer("", Reply("papers", headers={"Cache-Control": "public, max-age=60", "Age": "9"}))
    with service.client(cache_folder=folder) as client:
        client.get(FEED)
        service.clock.advance(50)
        assert client.get(FEED).body == b"papers"
        assert len(service.requests) == 1
        service.clock.advance(1)
        client.get(FEED)
        assert len(service.requests) == 2
        client.get(FEED, fresh=True)
        client.get(FEED, headers={"Accept": "text/x"})
        client.get(FEED, params={"page": 2})
        assert len(service.requests) == 5
        client.get(FEED)
        assert len(service.requests) == 5


def test_an_unchanged_answer_is_fresh_anew(service: Service, folder: str):
    headers = {**ETAG, "Cache-Control": "max-age=60"}
    service.answer("", Reply("papers", headers=headers), Reply("", 304, headers))
    with service.client(cache_folder=folder) as client:
        client.get(FEED)
        service.clock.advance(61)
        client.get(FEED)
        service.clock.advance(59)
        client.get(FEED)
    assert len(service.requests) == 2


def test_a_fresh_answer_is_given_offline(service: Service, folder: str):
    service.answer("", Reply("papers", headers={"Cache-Control": "max-age=60"}))
    with service.client(cache_folder=folder) as client:
        client.get(FEED)
    with service.client(cache_folder=folder, offline=True) as client:
        assert client.get(FEED).body == b"papers"
        with pytest.raises(OfflineError):
            client.get(FEED, fresh=True)
        service.clock.advance(61)
        with pytest.raises(OfflineError):
            client.get(FEED)


def test_a_clock_that_was_set_back_makes_nothing_fresh(service: Service, folder: str):
    service.answer("", Reply("papers", headers={"Cache-Control": "max-age=99999999"}))
    with service.client(cache_folder=folder) as client:
        client.get(FEED)
        service.clock.advance(-3600)
        client.get(FEED)
        service.clock.advance(86401)
        client.get(FEED)
    assert len(service.requests) == 3


@pytest.mark.parametrize(
    ("reply", "times"),
    [
        (Reply("x"), 2),
        (Reply("x", headers={**ETAG, "Cache-Control": "no-store"}), 2),
        (Reply("x", headers={"Cache-Control": "no-cache, max-age=60"}), 2),
        (Reply("x", headers={"Cache-Control": "max-age=soon"}), 2),
        (Reply("x", 404, {"Cache-Control": "max-age=60"}), 2),
        (Reply("x", 206, {"Cache-Control": "max-age=60"}), 2),
        (Reply("x", headers={"Cache-Control": 'max-age="60"'}), 1),
        (Reply("x", headers={"Cache-Control": "MAX-AGE=60", "Age": "-1"}), 1),
    ],
)
def test_what_is_kept(service: Service, folder: str, reply: Reply, times: int):
    service.answer("", reply)
    with service.client(cache_folder=folder) as client:
        client.get(FEED)
        client.get(FEED)
    assert len(service.requests) == times
    assert len(files(folder)) == 2 - times


def test_parts_and_posts_are_not_kept(service: Service, folder: str):
    service.answer("", Reply("whole", headers={"Cache-Control": "max-age=60"}))
    with service.client(cache_folder=folder) as client:
        client.get(FEED, headers={"Range": "bytes=9-"})
        client.post(FEED, json={})
        client.post(FEED, json={})
        assert files(folder) == []
        client.get(FEED)
        client.get(FEED, headers={"Range": "bytes=9-"})
    assert [request.headers.get("range") for request in service.requests][-1] == "bytes=9-"


def test_a_redirected_answer_is_kept_as_that_of_where_we_asked(service: Service, folder: str):
    service.answer("/old", Reply("", 301, {"Location": "https://b.org/new"}))
    service.answer("/new", Reply("here", headers=ETAG), Reply("", 304))
    with service.client(cache_folder=folder) as client:
        first, second = client.get("https://a.org/old"), client.get("https://a.org/old")
    assert (first.url, first.body) == (second.url, second.body) == ("https://b.org/new", b"here")
    assert service.requests[3].headers["if-none-match"] == '"1"'


def test_a_kept_answer_may_be_too_large_for_another_reader(service: Service, folder: str):
    service.answer("", Reply("x" * 2000, headers={"Cache-Control": "max-age=60"}))
    with service.client(cache_folder=folder) as client:
        client.get(FEED)
        with pytest.raises(SourceError, match=r"more than 0\.001 MB"):
            client.get(FEED, limit=1000)


def test_unchanged_without_having_asked_is_an_error(service: Service):
    service.answer("", 304)
    with service.client() as client, pytest.raises(SourceError, match="304 Not Modified unasked"):
        client.get(FEED)


def test_no_key_is_in_the_cache(service: Service, folder: str):
    service.answer("", Reply("x", headers={"Cache-Control": "max-age=60"}))
    params = {"api_key": "s3cret", "email": "ada@example.org", "term": "x"}
    with service.client(cache_folder=folder) as client:
        client.get(FEED, params=params, headers={"X-Api-Key": "s3cret"})
        client.get(FEED, params={**params, "api_key": "another"})
        client.get(FEED, params={"term": "x"})
    assert len(service.requests) == 1
    for file in Path(folder).rglob("*"):
        if file.is_file():
            assert b"s3cret" not in file.read_bytes() + file.name.encode()
            assert b"ada@" not in file.read_bytes()


@given(at=st.integers(0, 200), change=st.sampled_from(["cut", "flip", "empty", "nonsense"]))
def test_a_damaged_file_is_a_miss(tmp_path_factory: pytest.TempPathFactory, at: int, change: str):
    folder = tmp_path_factory.mktemp("cache")
    cache = Cache(str(folder))
    stored = Stored(FEED, {"etag": '"1"'}, b"papers" * 9, 5.0)
    cache.put("key", stored, 1.0)
    assert cache.get("key", 1.0) == stored
    (file,) = folder.iterdir()
    whole = file.read_bytes()
    at %= len(whole)
    file.write_bytes(
        {
            "cut": whole[:at],
            "flip": whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :],
            "empty": b"",
            "nonsense": b'{"url": [], "headers": 3}\n',
        }[change]
    )
    found = cache.get("key", 1.0)
    assert found is None or found.body == stored.body


def test_the_least_recently_used_go_first(tmp_path: Path):
    cache = Cache(str(tmp_path), bound=10_000)
    stored = Stored(FEED, {}, b"x" * 2000, 0.0)
    for at, name in enumerate("abcd"):
        cache.put(name, stored, at)
    assert cache.get("a", 10.0) == stored
    cache.put("e", stored, 11.0)
    assert {file.name for file in tmp_path.iterdir()} == {"a", "c", "d", "e"}
    cache.put("huge", stored._replace(body=b"x" * 5000), 12.0)
    assert sum(file.stat().st_size for file in tmp_path.iterdir()) <= 10_000
    assert cache.get("huge", 13.0) is None


def test_a_file_that_cannot_be_written_leaves_nothing(tmp_path: Path):
    (tmp_path / "key").mkdir()
    Cache(str(tmp_path)).put("key", Stored(FEED, {}, b"x", 0.0), 1.0)
    assert [file.name for file in tmp_path.iterdir()] == ["key"]


def test_a_folder_that_cannot_be_is_no_obstacle(service: Service, tmp_path: Path):
    (tmp_path / "file").write_text("")
    service.answer("", Reply("papers", headers=ETAG))
    with service.client(cache_folder=str(tmp_path / "file")) as client:
        assert client.get(FEED).body == b"papers"
        assert client.get(FEED).body == b"papers"
    assert service.clock.pauses == [1.0]


@given(
    st.dictionaries(
        st.sampled_from(["cache-control", "age", "etag"]),
        st.text(st.sampled_from('max-age=09 ,no-store"²'), max_size=20),
    )
)
def test_no_header_is_too_odd(headers: dict[str, str]):
    kept = entry(FEED, headers, b"", 0.0)
    assert kept is None or 0 <= kept.fresh_until <= 86400
