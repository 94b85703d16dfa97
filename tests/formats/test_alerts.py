"""Alerts by e-mail, as sent, in mailboxes and as pasted.

The samples follow the structure of Google Scholar's mails as programs that read them describe it.
"""

from email.message import EmailMessage
from io import StringIO
from pathlib import Path

import make
import pytest
from hypothesis import given
from hypothesis import strategies as st

from readlist import ids
from readlist.formats import alerts, mail
from readlist.models import Link, Paper, Problem, Standing

REDIRECT = "https://scholar.google.com/scholar_url?url="
HTML = f"""<!doctype html><html><head><style>.gse_alrt_title{{color:blue}}</style></head><body>
<!--[if gte mso 9]><table><tr><td><![endif]--><div style="font-family:arial">
<h3 style="margin:0"><span style="font-size:11px">[PDF]</span>
<a href="{REDIRECT}https://rest.org/On%2520Rest.pdf&amp;hl=en&amp;sa=X&amp;oi=scholaralrt"
 class="gse_alrt_title">On <b>Rest</b> and<br>Sleep</a></h3>
<div style="color:#006621">A Ode, B Li… - Proceedings of the Conference on …, 2026</div>
<div class="gse_alrt_sni">We rest, and it is<br>enough. Much\u00a0…</div>
<div style="width:auto"><table><tr><td><a href="https://scholar.google.com/scholar_share?url=x&amp;rt=y">
<img alt="Twitter" src="https://scholar.google.com/tw.png"></a></td></tr></table></div><br>
<h3><a href="{REDIRECT}https://arxiv.org/pdf/1706.03762&amp;hl=en" class="gse_alrt_title">Attention Is
All You Need</a></h3>
<div style="color:#006621">A Vaswani, N Shazeer\u00a0- arXiv preprint arXiv:1706.03762, 2017</div>
<div class="gse_alrt_sni">The dominant models</div><br>
<h3><span>[CITATION]</span> <a class="gse_alrt_title"
 href="https://scholar.google.com/citations?view_op=view_citation&amp;citation_for_view=a:b">睡眠の研究</a></h3>
<div style="color:#006621">C Fu - Journal of Rest, 2025</div>
<p>This message was sent by Google Scholar because you're following new articles written by
<a href="https://scholar.google.com/citations?user=x">Ann Ode</a>.</p>
<a href="https://scholar.google.com/scholar_alerts?view_op=cancel">Cancel alert</a></div></body></html>
"""
TEXT = f"""[PDF] On Rest
and Sleep
<{REDIRECT}https://rest.org/a.pdf&hl=en&oi=scholaralrt>
A Ode, B Li… - Proceedings of the Conference on …, 2026
We rest, and it is
enough.
Cites: On Sleep

Attention Is All You Need

A Vaswani, N Shazeer - arXiv preprint arXiv:1706.03762, 2017
The dominant models

This message was sent by Google Scholar because you're following new articles written by Ann Ode.
"""
SENDER = "Google Scholar Alerts <scholaralerts-noreply@google.com>"
DASHES = "-" * 78
LISTING = rf"""{DASHES}
\\
arXiv:2306.04700
Date: Wed, 7 Jun 2023 17:23:40 GMT   (14kb,D)

Title: On a Thing
Authors: Ann Ode
Categories: math.OA
\\
  An abstract.
\\ ( https://arxiv.org/abs/2306.04700 ,  14kb)
"""


def message(
    html: str = "", plain: str = "", *, sender: str = SENDER, encoding: str | None = None
) -> str:
    mime = EmailMessage()
    mime["From"] = sender
    mime["To"] = "me@example.org"
    mime["Subject"] = "Ann Öde - new articles"
    mime["Date"] = "Wed, 27 May 2026 23:00:00 -0700"
    if plain:
        mime.set_content(plain, cte=encoding)
    if html and plain:
        mime.add_alternative(html, subtype="html", cte=encoding)
    elif html:
        mime.set_content(html, subtype="html", cte=encoding)
    return mime.as_string()


def load(text: str) -> list[Paper | Problem]:
    return list(alerts.load(StringIO(text), make.origin("mail.eml"))[1])


def note(text: str) -> str:
    passed, items = alerts.load(StringIO(text), make.origin("mail.eml"))
    list(items)
    return str(passed)


def said(text: str) -> list[tuple[str, str]]:
    return [(paper.title, " ".join(map(ids.format, paper.identifiers))) for paper in load(text)]


SCHOLARS = [("On Rest and Sleep", ""), ("Attention Is All You Need", "arxiv:1706.03762")]


# --- Google Scholar -----------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["quoted-printable", "base64", "8bit"])
def test_an_alert_is_papers(encoding: str):
    text = message(HTML, encoding=encoding)
    assert alerts.recognises(text)
    rest, attention, cited = load(text)
    assert rest == make.paper(
        "On Rest and Sleep",
        standing=Standing.LISTED,
        date="2026",
        authors=("A Ode",),
        links=[Link("pdf", "https://rest.org/On%20Rest.pdf")],
        extra={"snippet": "We rest, and it is enough. Much …"},
        sightings=(make.sighting("scholar", "2026-05-27", place="Ann Öde - new articles"),),
    )
    assert attention.title == "Attention Is All You Need"
    assert attention.authors == ("A Vaswani", "N Shazeer")
    assert attention.identifiers == (ids.parse("arxiv:1706.03762"),)
    assert (attention.venue, attention.date) == ("", "2017")
    assert cited.title == "睡眠の研究"
    assert (cited.venue, cited.date, cited.links) == ("Journal of Rest", "2025", ())
    assert "snippet" not in cited.extra


def test_an_alert_in_text_alone_is_the_same():
    assert said(message(plain=TEXT)) == SCHOLARS
    rest, attention = load(message(plain=TEXT))
    assert rest.authors == ("A Ode",)
    assert rest.extra == {"snippet": "We rest, and it is enough."}
    assert rest.links == (Link("pdf", "https://rest.org/a.pdf"),)
    assert attention.date == "2017"


@pytest.mark.parametrize("text", [TEXT, HTML])
def test_an_alert_can_be_pasted(text: str):
    assert alerts.recognises(text)
    assert said(text)[:2] == SCHOLARS
    assert load(text)[0].sightings == (make.sighting("scholar", "2026-11-23", place="mail.eml"),)


def test_alternatives_of_a_message_are_read_once():
    assert said(message(HTML, TEXT))[:2] == SCHOLARS
    assert len(load(message(HTML, TEXT))) == 3


def test_an_alert_that_was_forwarded_is_known_by_its_links():
    safe = "https://x.safelinks.protection.outlook.com/?url=https%3A%2F%2Fscholar.google.com%2F"
    safe += "scholar_url%3Furl%3Dhttps%3A%2F%2Farxiv.org%2Fabs%2F1706.03762%26hl%3Den&amp;data=1"
    html = f'<p><a href="{safe}">Attention Is All You Need</a></p><p>A Vaswani - NeurIPS, 2017</p>'
    [paper] = load(message(html, sender="Bo Li <bo@example.org>"))
    assert paper.authors == ("A Vaswani",)
    assert paper.identifier("arxiv") == "1706.03762"
    assert paper.sightings[0].source == "scholar"


@pytest.mark.parametrize(
    ("people", "authors"),
    [
        ("A Ode", ("A Ode",)),
        ("A Ode, B Li", ("A Ode", "B Li")),
        ("A Ode, B L…", ("A Ode",)),
        ("A Ode, …, B Li", ("A Ode",)),
        ("… B Li", ()),
        ("A O...", ()),
    ],
)
def test_authors_end_where_scholar_leaves_some_out(people: str, authors: tuple[str, ...]):
    html = f'<h3><a class="gse_alrt_title" href="x">On Rest</a></h3><div>{people} - J, 2020</div>'
    assert load(message(html))[0].authors == authors


# --- others -------------------------------------------------------------------------------------


def test_an_alert_of_semantic_scholar_is_the_papers_it_links_to():
    url = (
        "https://www.semanticscholar.org/paper/On-Rest-Ode/" + "1a" * 20 + "?utm_source=alert_email"
    )
    html = (
        f'<a href="{url}"><img src="x"></a><a class="paper-link" href="{url}&amp;x=1">On Rest</a>'
    )
    html += f'<a href="{url}">View Paper</a><a href="https://www.semanticscholar.org/me">Manage</a>'
    text = message(html, sender="Semantic Scholar <do-not-reply@semanticscholar.org>")
    assert said(text) == [("On Rest", f"s2:{'1a' * 20}")]
    assert load(text)[0].sightings[0].source == "s2"


def test_a_listing_of_arxiv_in_a_mail_is_read_as_one():
    [paper] = load(message(plain=LISTING, sender="no-reply@arXiv.org", encoding="base64"))
    assert paper.title == "On a Thing"
    assert paper.categories == ("math.OA",)
    assert paper.sightings == (make.sighting("arxiv", "2026-05-27", place="mail.eml"),)


def test_any_mail_with_links_to_papers_is_read():
    text = message(plain="Look at https://arxiv.org/abs/1706.03762!", sender="bo@example.org")
    [paper] = load(text)
    assert paper.identifier("arxiv") == "1706.03762"
    assert paper.sightings == (make.sighting("mail", "2026-05-27", place="Ann Öde - new articles"),)


def test_one_text_on_the_links_to_all_papers_is_no_title():
    html = "".join(
        f'<a href="https://doi.org/10.1000/{x}">Click on this to continue</a>' for x in "ab"
    )
    assert said(message(html)) == [("", "doi:10.1000/a"), ("", "doi:10.1000/b")]


# --- mailboxes ----------------------------------------------------------------------------------


def test_a_mailbox_is_read_message_by_message():
    box = (
        f"From 123@xxx Mon Nov 01 12:00:00 +0000 2021\n{message(HTML)}\n"
        f"From me@example.org Mon Nov  1 12:00:00 2021\n{message(plain='>From here on, rest.')}\n"
        f"From me@example.org Mon Nov  1 12:00:00 2021\n{message(plain=TEXT)}"
    )
    assert alerts.recognises(box)
    assert len(load(box)) == 5
    assert note(box) == "with 1 message that names no paper"


def test_what_is_quoted_in_a_mailbox_is_as_it_was():
    lines = ["From a@b Mon Nov 1 12:00:00 2021\n", "From: a\n", "\n", ">From x\n", ">>From y\n"]
    [found] = mail.messages(lines, make.origin())
    assert isinstance(found, mail.Message)
    assert found.plain == ["From x\n>From y\n"]
    assert found.line == 2


@pytest.mark.parametrize(
    "charset", ["iso-8859-1", "gb2312", "utf-7", "nosuch", "punycode", "zlib", ""]
)
def test_any_charset_is_read_as_well_as_can_be(charset: str):
    head = f"From: a@b\nTo: c\nDate: x\nContent-Type: text/plain; charset={charset}\n"
    text = f"{head}Content-Transfer-Encoding: quoted-printable\n\nhttps://arxiv.org/abs/1706=2E03762 =E9=\n"
    assert said(text) == [("", "arxiv:1706.03762")]


def test_a_message_that_cannot_be_parsed_is_a_problem():
    deep = "".join(f"Content-Type: multipart/mixed; boundary=b{i}\n\n--b{i}\n" for i in range(2000))
    [problem] = load(f"From: a@b\nTo: c\nDate: x\n{deep}")
    assert isinstance(problem, Problem)
    assert str(problem) == "mail.eml line 1: not an e-mail (RecursionError)"


@pytest.mark.parametrize(
    "text",
    [
        *("", "From here on we rest.", "Title: x\nDate: y\n\nz", "From: a\nnot a header\n\n"),
        "Google Scholar alerts are sent by Google Scholar.\n",
        "We cite A Ode - 2019\n",
        "openapi: 3.0\ninfo:\n  title: x\n",
        '<DL><DT><A HREF="https://scholar.google.com">x</A></DL>',
    ],
)
def test_other_texts_are_no_mails(text: str):
    assert not alerts.recognises(text)


HEADERS = [
    "From: a@b\n",
    "Date: 1 Jan 2020\n",
    "Date: (\n",
    "Subject: =?x?q?=FF?=\n",
    "Subject: =?utf-8?b?a?=\n",
]
BODIES = [
    "\n",
    "--b\n",
    "Content-Type: multipart/mixed; boundary=b\n",
    "Content-Type: text/html\n",
    "x",
    "\x00",
]
TAGS = [
    '<a class="gse_alrt_title" href="x">',
    "</a>",
    "<div>",
    "</div>",
    "A - 2019",
    '<div class="gse_alrt_sni">',
    "<br>",
]


@given(
    st.lists(st.sampled_from([*HEADERS, *BODIES, *TAGS, "=\n", "From a@b Mon Nov 1 1:0:0 2021\n"]))
)
def test_nothing_raises(parts: list[str]):
    alerts.recognises("".join(parts))
    load("".join(parts))
    load("From: a@b\nTo: c\nSubject: d\n" + "".join(parts))


@pytest.mark.parametrize(
    "text", [*TAGS, "<", "A Ode - 2019\n", "=?", "x: y\n", " y\n", "--b\n", "("]
)
def test_nothing_takes_long(text: str):
    head = "From: a@b\nTo: oi=scholaralrt\nContent-Type: multipart/mixed; boundary=b\n"
    load(f"{head}Subject: {text * 20_000}\nDate: {text * 20_000}\n\n{text * 20_000}")
    load(f"From: a@b\nTo: c\nDate: d\nContent-Type: text/html\n\n{text * 20_000}")
    load(text * 20_000)


def test_recorded_files_are_no_mails_but_listings_in_mails_are_read(shared: Path):
    counts = {}
    for file in sorted(shared.rglob("*")):
        if not file.is_file():
            continue
        text = file.read_text(encoding="utf-8-sig", errors="replace")
        assert not alerts.recognises(text[:65_536])
        if file.parent.name == "listings":
            items = load(message(plain=text, sender="no-reply@arXiv.org"))
            assert all(isinstance(item, Paper) for item in items)
            counts[f"{file.parent.parent.name} {file.name}"] = len(items)
    assert counts == {
        "astro-ph 0001": 605,
        "astro-ph 0601": 797,
        "astro-ph new.CO": 23,
        "astro-ph pastweek.CO": 63,
        "math new.OA": 3,
        "math pastweek.AG": 1,
        "q-fin new": 16,
        "q-fin new.EC": 4,
        "q-fin new.GN": 6,
        "q-fin new.PM": 3,
        "q-fin new.PR": 4,
        "q-fin new.RM": 3,
    }
