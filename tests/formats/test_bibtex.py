"""Reading BibTeX: what an entry says becomes a paper, and nothing that it says is lost."""

from dataclasses import replace
from io import StringIO
from pathlib import Path

import make
import pytest
from hypothesis import given
from strategies import hostile

from readlist.formats import bibtex
from readlist.models import Identifier, Link, Paper, Problem, Standing, Version

HABITS = Path(__file__).parent / "data" / "habits.bib"


def load(text: str) -> list[Paper | Problem]:
    return list(bibtex.load(StringIO(text), make.origin("refs.bib")))


def entry(fields: str, type: str = "misc") -> Paper:
    """The one paper, without problems, of an entry with these fields."""
    (paper,) = load(f"@{type}{{key,\n title = {{A Title}},\n {fields}\n}}")
    assert isinstance(paper, Paper), paper
    return paper


def kept(fields: str, type: str = "misc") -> dict[str, str]:
    return dict(entry(fields, type).versions[0].fields)


def test_habits_of_programs_and_people_are_all_understood():
    items = load(HABITS.read_text())
    papers = {item.title: item for item in items if isinstance(item, Paper)}
    assert len(papers) == len(items) == 15

    garcia = papers["Étude of 100% H$_2$O"]
    assert replace(garcia, sightings=()) == Paper(
        versions=(
            Version(
                standing=Standing.PUBLISHED,
                title="Étude of 100% H$_2$O",
                venue="Journal of Chem. & Phys.",
                date="2010-06",
                type="article",
                fields={
                    "author": r"Garc{\'\i}a, Jos{\'e} and {van der Berg}, J{\"u}rgen",
                    "title": r"{{\'E}tude of 100{\%} {H$_2$O}}",
                    "journal": r"Journal of Chem. {\&} Phys.",
                    "volume": "12",
                    "pages": "301-315",
                    "File": r":Users/me/a{\_}b.pdf:pdf",
                    "keywords": "one,two",
                    "Mendeley-Tags": "one",
                },
            ),
        ),
        authors=("García, José", "van der Berg, Jürgen"),
        identifiers=(Identifier("doi", "10.1007/978-3-642-04277-5_60"),),
        links=(Link("page", "http://link.example.com/10.1007/978-3-642-04277-5_60"),),
        key="Garcia:2010ka",
    )
    assert list(garcia.versions[0].fields) == [
        *("author", "title", "journal", "volume", "pages", "File", "keywords", "Mendeley-Tags")
    ]

    facts = {
        title: (p.authors, p.venue, p.date, p.standing.name, p.identifiers[:1])
        for title, p in papers.items()
    }
    none: tuple[Identifier, ...] = ()
    assert facts["Attention is all you need"] == (
        *(("Vaswani, Ashish", "Shazeer, Noam"), "", "2017", "PREPRINT"),
        (Identifier("arxiv", "1706.03762"),),
    )
    assert facts["Generative Adversarial Nets"] == (
        *(("Goodfellow, Ian",), "Advances in Neural Information Processing Systems"),
        *("2014-12-10", "PUBLISHED", none),
    )
    assert facts["Observation of a new particle"] == (
        *(("The ATLAS Collaboration",), "Phys. Lett. B", "2012-09-17", "PUBLISHED"),
        (Identifier("doi", "10.1016/j.physletb.2012.08.020"),),
    )
    assert facts["A survey"] == (
        *(("Smith, J.",), "The Astrophysical Journal", "2017-01", "PUBLISHED"),
        (Identifier("arxiv", "hep-th/0401008"),),
    )
    assert facts["Software that counts"] == (
        *(("van Beethoven, Ludwig",), "", "2020-02", "PREPRINT", none),
    )
    assert facts["On Things"] == (
        *(("Šimůnek, Łukasz",), "Université de Montréal", "", "PUBLISHED", none),
    )
    assert papers["On Things"].versions[0].fields["year"] == "in press"
    assert papers["BERT: Pre-training of Deep Bidirectional Transformers"].categories == ("cs.CL",)
    assert papers["Adam: A Method for Stochastic Optimization"].identifiers == (
        Identifier("dblp", "journals/corr/KingmaB14"),
        Identifier("arxiv", "1412.6980"),
    )
    assert papers["A blank in the head"].venue == "IEEE Trans. Pattern Anal."
    assert papers["Its brace is one line below"].key == "brace-below"
    assert papers["Parentheses (and more)"].type == "dataset"
    assert papers["Without a key"].key == ""


@pytest.mark.parametrize(
    ("written", "authors"),
    [
        ("Ada Lovelace and Turing, Alan", ("Ada Lovelace", "Turing, Alan")),
        ("A One AND B Two\n and\n C Three", ("A One", "B Two", "C Three")),
        ("{Barnes and Noble} and {NVIDIA, Inc.}", ("Barnes and Noble", "NVIDIA, Inc.")),
        ("Knuth, Jr., Donald", ("Knuth, Jr., Donald",)),
        ("de la Cruz, Mar{\\'\\i}a", ("de la Cruz, María",)),
        ("Smith, J. and others", ("Smith, J.",)),
        ("Smith, J. and Al., Et", ("Smith, J.",)),
        ("J. Smith et al.", ("J. Smith",)),
        ("others", ()),
        ("One, A.; Two, B.", ("One, A.", "Two, B.")),
        ("A One and and B Two and", ("A One", "B Two")),
        ("family=Gogh, given=Vincent, prefix=van", ("van Gogh, Vincent",)),
        ("K\\=alid\\=asa", ("Kālidāsa",)),
    ],
)
def test_authors(written: str, authors: tuple[str, ...]):
    paper = entry(f"author = {{{written}}}")
    assert paper.authors == authors


def test_source_is_kept_where_text_would_not_give_it_back():
    assert kept("author = {Ada Lovelace and Turing, Alan}, journal = {Nature}", "article") == {}
    assert kept("author = {Smith, J. and others}") == {"author": "Smith, J. and others"}
    assert kept("author = {{OpenAI}}") == {"author": "{OpenAI}"}
    assert kept("journal = {J. {ACM}}", "article") == {"journal": "J. {ACM}"}
    # A field in which BibTeX does not look for the venue of this type.
    assert kept("booktitle = {ICML}", "article") == {"booktitle": "ICML"}
    assert kept("journaltitle = {Nature}", "article") == {"journaltitle": "Nature"}


@pytest.mark.parametrize(
    ("fields", "date", "rest"),
    [
        ("year = 2017", "2017", {}),
        ("year = {2017}, month = {June}", "2017-06", {}),
        ("year = {2017}, month = jun", "2017-06", {}),
        ("year = {2017}, month = {06}", "2017-06", {}),
        ("year = {2017}, month = {Sept.}", "2017-09", {}),
        ("year = {2017}, month = jun # {~12}", "2017-06-12", {"month": "June~12"}),
        ("year = {2017}, month = {12 June}", "2017-06-12", {"month": "12 June"}),
        ("year = {2017}, month = {May--June}", "2017-05", {"month": "May--June"}),
        ("year = {2017}, month = {Summer}", "2017", {"month": "Summer"}),
        ("year = {2017}, month = jun, day = 12", "2017-06-12", {"day": "12"}),
        ("year = {2017-06}", "2017-06", {}),
        ("year = {1999--2009}", "1999", {"year": "1999--2009"}),
        ("year = {in press}", "", {"year": "in press"}),
        ("month = jun", "", {"month": "June"}),
        ("date = {2017-06}", "2017-06", {}),
        ("date = {2017-06-12}", "2017-06-12", {"date": "2017-06-12"}),
        ("date = {2012-09-17/2012-10-01}", "2012-09-17", {"date": "2012-09-17/2012-10-01"}),
        ("date = {2012-22}, year = {2012}", "2012", {"date": "2012-22"}),
        ("date = {2013-10-30T11:20:51-07:00}", "2013-10-30", {"date": "2013-10-30T11:20:51-07:00"}),
        ("date = {1985/}", "1985", {"date": "1985/"}),
        ("date = {Jan}", "", {"date": "Jan"}),
        ("year = {2017}, month = {13}", "2017", {"month": "13"}),
    ],
)
def test_dates_are_as_precise_as_is_known(fields: str, date: str, rest: dict[str, str]):
    assert entry(fields).date == date
    assert kept(fields) == rest


@pytest.mark.parametrize(
    "fields",
    [
        "eprint = {1706.03762}, archivePrefix = {arXiv}, primaryClass = {cs.CL}",
        "eprint = {arXiv:1706.03762v5}, eprinttype = {arxiv}",
        "eprint = {1706.03762 [cs]}",
        "journal = {arXiv preprint arXiv:1706.03762}",
        "journal = {CoRR}, volume = {abs/1706.03762}",
        "journal = {ArXiv}, volume = {abs/1706.03762}",
        "url = {https://arxiv.org/abs/1706.03762v2}",
        "howpublished = {arXiv:1706.03762}",
        "note = {arXiv:1706.03762 [cs]}",
        "number = {arXiv:1706.03762}, publisher = {arXiv}",
        "doi = {10.48550/arXiv.1706.03762}",
        "arxivId = {1706.03762}",
    ],
)
def test_arxiv_ids_wherever_they_are(fields: str):
    paper = entry(fields, "article")
    assert paper.identifiers == (Identifier("arxiv", "1706.03762"),)
    assert (paper.standing, paper.venue) == (Standing.PREPRINT, "")


def test_a_paper_that_a_note_only_speaks_of_is_not_this_one():
    assert entry("note = {Extends arXiv:1706.03762}").identifiers == ()


@pytest.mark.parametrize(
    ("type", "fields", "standing"),
    [
        ("article", "journal = {Nature}", Standing.PUBLISHED),
        ("article", "journal = {bioRxiv}", Standing.PREPRINT),
        ("article", "journal = {Submitted to Nature}", Standing.PREPRINT),
        ("article", "journal = {Corrosion Science}", Standing.PUBLISHED),
        ("article", "note = {so far unpublished}", Standing.PREPRINT),
        ("inproceedings", "booktitle = {Proc. ICML}", Standing.PUBLISHED),
        ("inproceedings", "crossref = {icml}", Standing.PUBLISHED),
        ("phdthesis", "school = {MIT}", Standing.PUBLISHED),
        ("thesis", "institution = {MIT}", Standing.PUBLISHED),
        ("book", "publisher = {Springer}", Standing.PUBLISHED),
        ("misc", "publisher = {Zenodo}", Standing.PREPRINT),
        ("misc", "howpublished = {A blog}", Standing.PREPRINT),
    ],
)
def test_standing(type: str, fields: str, standing: Standing):
    assert entry(fields, type).standing == standing


def test_identifiers_and_links():
    paper = entry("""doi = {https://doi.org/10.1145/3292500.3330701},
        url = {https://aclanthology.org/P19-1001.pdf}, isbn = {978-1-5108-0041-0}""")
    assert set(paper.identifiers) == {
        Identifier("doi", "10.1145/3292500.3330701"),
        Identifier("acl", "P19-1001"),
    }
    assert paper.links == (Link("pdf", "https://aclanthology.org/P19-1001.pdf"),)
    assert entry("pmid = {12345678}").identifiers == (Identifier("pmid", "12345678"),)


def test_identifiers_that_mendeley_gives_to_any_paper_are_nobodys():
    wrong = """arxivId = {arXiv:1011.1669v3}, eprint = {arXiv:1011.1669v3}, pmid = {25246403},
        doi = {10.1017/CBO9781107415324.004}, isbn = {9788578110796}"""
    assert entry(wrong, "book").identifiers == ()
    assert kept(wrong, "book")["doi"] == "10.1017/CBO9781107415324.004"
    assert entry("doi = {10.1000/right}, pmid = {12345}").identifiers == (
        Identifier("doi", "10.1000/right"),
    )


def test_the_isbn_of_a_volume_is_no_identifier_of_a_paper_in_it():
    isbn = "isbn = {978-1-5108-0041-0}"
    assert entry(isbn, "book").identifiers == (Identifier("isbn", "9781510800410"),)
    assert entry(isbn, "inproceedings").identifiers == ()
    assert kept(isbn, "inproceedings") == {"isbn": "978-1-5108-0041-0"}


def test_urls_are_kept_whole_and_unescaped():
    paper = entry(r"url = {https://x.org/a{\_}b?p=100\%25&q=~me#top}")
    assert paper.links == (Link("page", "https://x.org/a_b?p=100%25&q=~me#top"),)
    assert kept("url = {see http://a.org/x and http://b.org/y.pdf}") == {
        "url": "see http://a.org/x and http://b.org/y.pdf"
    }
    two = entry("url = {http://a.org/x; http://b.org/y.pdf}")
    assert two.links == (Link("page", "http://a.org/x"), Link("pdf", "http://b.org/y.pdf"))


def test_keywords_and_files_stay_as_they_are():
    fields = (
        r"keywords = {a, b}, file = {C\:\\x%20y.pdf:PDF}, timestamp = {now}, __markedentry = {1}"
    )
    assert kept(fields) == {
        "keywords": "a, b",
        "file": r"C\:\\x%20y.pdf:PDF",
        "timestamp": "now",
        "__markedentry": "1",
    }


def test_strings_hold_from_where_they_are_defined():
    items = load("""@string{A = "first"}
@misc{x, title = a # { and } # unknown}
@STRING{a = A # "!"}
@misc{y, title = {A } # a}
""")
    assert [item.title for item in items] == ["first and unknown", "A first!"]


def test_strings_hold_in_later_pieces_of_the_file():
    filler = "".join(f"@misc{{k{n}, title = {{{'x' * 1000}}}}}\n" for n in range(600))
    items = load(f'@string{{late = "The End"}}\n{filler}@misc{{last, title = late}}\n@misc{{k7,a')
    *_, last, problem = items
    assert last.title == "The End"
    assert problem.where == "refs.bib line 603"
    assert len(items) == 602


def test_strings_that_repeat_themselves_do_not_fill_the_memory():
    doubled = "@string{a = a # a}\n" * 100
    (paper,) = load(f'@string{{a = "xy"}}\n{doubled}@misc{{k, title = a}}')
    assert len(paper.title) < 100_000


def test_comments_are_no_papers_and_no_problems():
    assert (
        load("""\ufeff% Encoding: UTF-8
Free text, me@example.org (home), and @comment{jabref-meta: x = {y};}
%@article{gone, title = {Commented out}}
% @article{gone,
%   title = {Commented out}
% }
@preamble{"\\newcommand{\\x}{y}"}
@comment{@ is allowed here}
@comment no braces
""")
        == []
    )


def test_fields_can_be_commented_out():
    (paper,) = load("""@article{key, % the key
  % year = {1999},
  title = {A Title}, % and more
  year = {2000}
}""")
    assert (paper.key, paper.title, paper.date) == ("key", "A Title", "2000")
    assert paper.versions[0].fields == {}


@pytest.mark.parametrize(
    "head",
    [
        "@article{key,\n  title = {x}",
        '% BibTeX\n\n  @ InProceedings\n { smith:2010 , author="x"',
        "@string{x = {y}}",
        "@STRING(x = {y})",
        '@preamble{ "x" }',
        "\ufeff@misc{,\n title={x}",
        "@comment{jabref-meta: databaseType:bibtex;}",
        "@book(key, title = {x})",
        "notes\n@software{key,\n  title = {x}",
    ],
)
def test_bibtex_is_recognised(head: str):
    assert bibtex.recognises(head)


@pytest.mark.parametrize(
    "head",
    [
        "",
        "plain text",
        "@lru_cache(maxsize=None)\ndef f(): ...",
        "@app.route('/x', methods=['GET'])\n",
        "@dataclass(frozen=True, slots=True)\nclass A: ...",
        "@hook(first, second=1)\ndef f(): ...",
        "@media screen {\n  a { b: c }\n}",
        "@param {string} name, the = name",
        '{"text": "\\n@article{key, title = {x}}"}',
        '[\n"@article{key, title = {x}}"]',
        "<html><pre>\n@article{key, title = {x}}\n</pre>",
        "From: me@example.org\nSubject: hi\n\n@article{key, title = {x}}",
        "mail me@example.org {now}, please = thanks",
        "@@@@@",
    ],
)
def test_what_is_not_bibtex(head: str):
    assert not bibtex.recognises(head)


@given(hostile)
def test_recognising_never_fails(text: str):
    bibtex.recognises(text)
