"""Writing BibTeX: what a LaTeX document needs, the same for the same entries."""

from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import make
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from make import NOW, paper, published, version
from strategies import hostile

from readlist.formats import bibtex, latex
from readlist.merge import join, normal
from readlist.models import Entry, Paper, Problem

DATA = Path(__file__).parent / "data"


def entry(about: Paper, key: str = "key") -> Entry:
    return Entry(id=1, paper=about, added=NOW, key=key)


def written(about: Paper, key: str = "key", **options: Any) -> str:
    return bibtex.dumps([entry(about, key)], bibtex.Style(**options))


def fields(about: Paper, **options: Any) -> dict[str, str]:
    """The fields of the entry that is written, with the braces, and its type."""
    head, *lines, end, empty = written(about, **options).split("\n")
    assert (head[0], head[-5:], end, empty) == ("@", "{key,", "}", "")
    found = dict(line.strip().removesuffix(",").split(" = ", 1) for line in lines)
    assert len(found) == len(lines)
    return {"type": head[1:-5], **found}


def loaded(text: str) -> list[Paper]:
    items = list(bibtex.load(StringIO(text), make.origin("refs.bib")))
    assert not [item for item in items if isinstance(item, Problem)], items
    return items


def read(source: str) -> Paper:
    (found,) = loaded(source)
    return found


def test_habits_come_out_as_one():
    with (DATA / "habits.bib").open() as file:
        papers = list(bibtex.load(file, make.origin("habits.bib")))
    text = bibtex.dumps(entry(found, found.key or "unnamed") for found in papers)
    assert text == (DATA / "habits.out.bib").read_text()
    again = loaded(text)
    assert bibtex.dumps(entry(found, found.key) for found in again) == text


def test_preprint():
    about = paper(
        "BERT: Pre-training",
        ids="arxiv:1810.04805 doi:10.48550/x",
        authors=("Jacob Devlin", "Chang, Ming-Wei"),
        date="2018-10-11",
        categories=("cs.CL", "cs.LG"),
        links=[("page", "https://arxiv.org/abs/1810.04805"), ("code", "https://github.com/a/b")],
        abstract="Long.",
    )
    assert (
        written(about, "devlin2018bert")
        == """\
@misc{devlin2018bert,
  author = {Jacob Devlin and Chang, Ming-Wei},
  title = {{BERT}: Pre-training},
  year = {2018},
  month = oct,
  doi = {10.48550/x},
  eprint = {1810.04805},
  archivePrefix = {arXiv},
  primaryClass = {cs.CL},
  url = {https://arxiv.org/abs/1810.04805},
}
"""
    )


@pytest.mark.parametrize(
    ("venue", "type", "field"),
    [
        ("Nature", "article", "journal"),
        ("Journal of Machine Learning Research", "article", "journal"),
        ("Proceedings of the National Academy of Sciences", "article", "journal"),
        ("Transactions of the ACL", "article", "journal"),
        ("NeurIPS", "inproceedings", "booktitle"),
        ("Proceedings of the 37th International Conference on X", "inproceedings", "booktitle"),
        ("ICLR 2020 Workshop", "inproceedings", "booktitle"),
        ("EMNLP (Findings)", "inproceedings", "booktitle"),
    ],
)
def test_type_by_venue(venue: str, type: str, field: str):
    found = fields(published(venue=venue))
    assert (found["type"], found[field]) == (type, f"{{{venue}}}")


def test_type_that_is_known_stays_if_it_fits():
    assert fields(published(type="phdthesis", venue="MIT"))["school"] == "{MIT}"
    assert fields(published(type="book", venue="Springer"))["publisher"] == "{Springer}"
    assert fields(published(type="incollection", venue="A Book"))["booktitle"] == "{A Book}"
    assert fields(paper(type="software"))["type"] == "software"
    assert fields(paper(type="article", ids="arxiv:1810.04805"))["type"] == "misc"
    assert fields(published(type="misc", venue="ICML"))["type"] == "inproceedings"
    assert fields(published(type="not a type", venue="Nature"))["type"] == "article"
    assert fields(paper(type="comment"))["type"] == "misc"
    assert fields(paper(venue="bioRxiv"))["howpublished"] == "{bioRxiv}"


def test_never_a_journal_that_says_arxiv_beside_an_eprint():
    source = (
        "@article{k, title={Old Thing}, journal={%s}, volume={abs/1706.03762}, eprint={1706.03762}}"
    )
    for journal in ("arXiv preprint arXiv:1706.03762", "CoRR", "ArXiv e-prints"):
        assert fields(read(source % journal)) == {
            "type": "misc",
            "title": "{Old Thing}",
            "eprint": "{1706.03762}",
            "archivePrefix": "{arXiv}",
        }
    assert fields(read("@article{k, title={Old Thing}, journal={ArXiv}}"))["journal"] == "{ArXiv}"


def test_published_version_of_a_preprint():
    preprint = normal(
        read("""@misc{a, title={On {BERT} Again}, year=2018, month=oct,
        eprint={1810.04805}, archivePrefix={arXiv}, primaryClass={cs.CL}, note={Preprint},
        doi={10.1101/2018.10.11.123456}, url={https://arxiv.org/abs/1810.04805}}""")
    )
    article = normal(
        read("""@inproceedings{a, title={On {BERT} again}, year=2019, pages={1-9},
        booktitle={NAACL}, doi={10.18653/v1/N19-1423}, url={https://aclanthology.org/N19-1423/}}""")
    )
    assert fields(join(preprint, article)) == fields(join(article, preprint)) == {
        "type": "inproceedings",
        "title": "{On {BERT} again}",
        "booktitle": "{NAACL}",
        "year": "{2019}",
        "pages": "{1--9}",
        "doi": "{10.18653/v1/n19-1423}",
        "eprint": "{1810.04805}",
        "archivePrefix": "{arXiv}",
        "primaryClass": "{cs.CL}",
        "url": "{https://aclanthology.org/N19-1423/}",
    }  # fmt: skip


def test_source_is_written_as_long_as_it_says_what_is_known():
    about = read("""@article{k, title = {G{\\"o}del's {P}roof}, journal = {J. {ACM}},
        author = {G{\\"o}del, K. and others}, year = {1931--1932}, month = {Spring}}""")
    same = fields(about)
    assert same["title"] == r"""{G{\"o}del's {P}roof}"""
    assert same["author"] == r"""{G{\"o}del, K. and others}"""
    assert same["journal"] == "{J. {ACM}}"
    assert (same["year"], same["month"]) == ("{1931--1932}", "{Spring}")
    (old,) = about.versions
    changed = replace(
        about,
        authors=("Gödel, Kurt",),
        versions=(replace(old, title="Gödel's XML", venue="Journal of the ACM", date="1933-05"),),
    )
    new = fields(changed)
    assert (new["title"], new["author"]) == ("{Gödel's {XML}}", "{Gödel, Kurt}")
    assert (new["journal"], new["year"], new["month"]) == ("{Journal of the ACM}", "{1933}", "may")


def test_names():
    def author(*names: str, **rest: Any) -> str:
        return fields(paper(authors=names, **rest))["author"]

    assert (
        author("Ada Lovelace", "van Beethoven, Ludwig")
        == "{Ada Lovelace and van Beethoven, Ludwig}"
    )
    assert (
        author("ATLAS Collaboration", "Gemini Team") == "{{ATLAS Collaboration} and {Gemini Team}}"
    )
    assert author("Barnes and Noble") == "{{Barnes and Noble}}"
    assert author("A, B, C, D", "others", "OpenAI") == "{{A, B, C, D} and {others} and OpenAI}"
    assert author("Johnson & Sons", "Šimůnek, Ł.") == r"{Johnson \& Sons and Šimůnek, Ł.}"
    assert author("Ann Ode", author_count=7) == "{Ann Ode and others}"
    assert author("Ann Ode", author_count=1) == "{Ann Ode}"


def test_specials_are_escaped_but_not_in_urls_and_dois():
    about = published(
        "50% of R&D",
        venue="Science & Society",
        ids="doi:10.1000/a_b%c#d",
        links=[("page", "https://x.org/a_b?c=%20&d#e")],
    )
    found = fields(about)
    assert found["title"] == r"{50\% of {R\&D}}"
    assert found["journal"] == r"{Science \& Society}"
    assert found["doi"] == "{10.1000/a_b%c#d}"
    assert found["url"] == "{https://x.org/a_b?c=%20&d#e}"


def test_links_worth_citing():
    page, pdf = ("page", "https://x.org/a"), ("pdf", "https://x.org/a.pdf")
    arxiv = ("page", "https://arxiv.org/abs/1810.04805")
    listing, code = ("page", "https://huggingface.co/papers/1"), ("code", "https://github.com/a/b")
    assert fields(paper(links=[code, pdf, listing, page]))["url"] == "{https://x.org/a}"
    assert fields(paper(links=[listing, pdf]))["url"] == "{https://x.org/a.pdf}"
    assert fields(published(links=[arxiv, page]))["url"] == "{https://x.org/a}"
    assert fields(paper(links=[page, arxiv]))["url"] == "{https://arxiv.org/abs/1810.04805}"
    assert "url" not in fields(paper(ids="arxiv:1", links=[code, listing]))
    assert fields(paper(links=[code]))["url"] == "{https://github.com/a/b}"


def test_fields_that_are_not_known_stay_in_their_order():
    source = "@misc{k, zeta = {1}, title = {Old Thing}, Alpha = {{2}}, file = {a_b}, x-y = {3}}"
    assert list(fields(read(source)).items()) == [
        *[("type", "misc"), ("title", "{Old Thing}"), ("zeta", "{1}"), ("Alpha", "{{2}}")],
        *[("file", "{a_b}"), ("x-y", "{3}")],
    ]


def test_a_broken_value_does_not_break_the_file():
    about = paper(
        "A } B { C",
        fields={
            "note": "x } y",
            "file": "C:\\a\\",
            "a,b={": "\n@misc{evil, title={",
            "keys": "\\{",
        },
        links=[("page", "https://x.org/{a}\\")],
    )
    (found,) = loaded(written(about, "k{e}y, %"))
    assert (found.title, found.key) == ("A } B { C", "key")
    assert dict(found.versions[0].fields) == {
        "title": r"A {\textbraceright} B {\textbraceleft} C",
        "note": "x  y",
        "file": "C:\\a\\",
        "a-b-": "@misc evil, title=".replace(" ", "", 1),
        "keys": r"{\textbraceleft}",
    }
    assert found.links[0].url == "https://x.org/%7ba%7d%5c"


def test_abstract_only_if_asked():
    about = paper(abstract="Of 5% & $x_1$ {0,1}")
    assert "abstract" not in fields(about)
    assert fields(about, abstract=True)["abstract"] == (
        r"{Of 5\% \& $x_1$ {\textbraceleft}0,1{\textbraceright}}"
    )


def test_order_of_entries():
    child = replace(paper("Child"), versions=(version("Child", fields={"crossref": "Book"}),))
    entries = [entry(paper(), "b"), entry(paper(), "book"), entry(paper(), "A"), entry(child, "c")]
    heads = [line for line in bibtex.dumps(entries).split("\n") if line.startswith("@")]
    # BibTeX reads an entry to which others refer only after them.
    assert heads == ["@misc{A,", "@misc{b,", "@misc{c,", "@misc{book,"]
    assert bibtex.dumps(reversed(entries)) == bibtex.dumps(entries)
    assert bibtex.dumps([]) == ""


def test_what_a_citation_lacks():
    assert bibtex.missing(entry(paper())) == ("author", "year")
    assert bibtex.missing(entry(paper("", authors=("A",), date="2017"))) == ("title",)
    assert bibtex.missing(entry(read("@book{k, title={T}, Editor={E}, year={in press}}"))) == ()


papers = st.builds(
    lambda title, authors, venue, date, ids, abstract: paper(
        title, authors=tuple(authors), venue=venue, date=date, ids=ids, abstract=abstract
    ),
    hostile,
    st.lists(
        hostile | st.sampled_from(["Ada Lovelace", "Li, Bo", "A Team", "B and C"]), max_size=3
    ),
    hostile | st.sampled_from(["ICML", "Nature", "bioRxiv"]),
    st.sampled_from(["", "2017", "2017-06"]),
    st.sampled_from(["", "arxiv:1706.03762", "doi:10.1000/a", "arxiv:hep-th/9711200"]),
    hostile,
).map(normal)


def is_text(text: str) -> bool:
    """Not source, and nothing that means something else in LaTeX."""
    return latex.decode(text) == text or (
        not latex.is_source(text) and "--" not in text and "``" not in text and "''" not in text
    )


@settings(max_examples=300)
@given(papers)
def test_papers_come_back(about: Paper):
    assume(about.title)
    assume(all(map(is_text, (about.title, *about.authors, about.venue, about.abstract))))
    assume(all(name.strip(" ,;") == name and name for name in about.authors))
    (found,) = loaded(written(about, abstract=True))
    assert found.title == about.title
    assert found.authors == about.authors
    assert found.abstract == latex.fold(about.abstract)
    assert found.date == about.date
    assert found.identifiers == about.identifiers


@settings(max_examples=300)
@given(st.lists(papers, max_size=4))
def test_whatever_is_written_can_be_read_and_written_again(some: list[Paper]):
    entries = [
        entry(about, f"k{n}")
        for n, about in enumerate(some)
        if about.identifiers or latex.decode(latex.encode_title(about.title))
    ]
    text = bibtex.dumps(entries, bibtex.Style(abstract=True))
    assert text == bibtex.dumps(reversed(entries), bibtex.Style(abstract=True))
    found = loaded(text)
    assert [p.key for p in found] == [e.key for e in entries]
    again = bibtex.dumps([entry(p, p.key) for p in found], bibtex.Style(abstract=True))
    third = bibtex.dumps([entry(p, p.key) for p in loaded(again)], bibtex.Style(abstract=True))
    assert third == again
