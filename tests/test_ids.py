import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from make import paper, published, version
from strategies import SHORT_TITLES, TITLES, hostile, papers

from readlist import ids
from readlist.models import Fingerprint, Identifier, Paper

ARXIV = Identifier("arxiv", "1706.03762")
OLD = Identifier("arxiv", "math/0309136")
DOI = Identifier("doi", "10.1145/3292500.3330701")
OPENREVIEW = Identifier("openreview", "rJ4km2R5t7")
CORPUS = Identifier("corpusid", "13756489")
S2 = Identifier("s2", "204e3073870fae3d05bcbc2f6a8e263d9b72e776")


@pytest.mark.parametrize(
    ("spelling", "identifier"),
    [
        ("1706.03762", ARXIV),
        ("1706.03762v5", ARXIV),
        ("1706.03762V5", ARXIV),
        ("  arXiv:1706.03762v5. ", ARXIV),
        ("arxiv: 1706.03762", ARXIV),
        ("ARXIV:1706.03762", ARXIV),
        ("<https://arxiv.org/abs/1706.03762>", ARXIV),
        ("https://arxiv.org/abs/1706.03762v5?context=cs#top", ARXIV),
        ("http://www.arxiv.org/abs/1706.03762/", ARXIV),
        ("https://export.arxiv.org/abs/1706.03762", ARXIV),
        ("https://arxiv.org/pdf/1706.03762v5.pdf", ARXIV),
        ("https://arxiv.org/pdf/1706.03762", ARXIV),
        ("https://arxiv.org/html/1706.03762v7", ARXIV),
        ("https://huggingface.co/papers/1706.03762", ARXIV),
        ("https://www.alphaxiv.org/abs/1706.03762v7", ARXIV),
        ("https://www.alphaxiv.org/overview/1706.03762", ARXIV),
        ("https://ar5iv.labs.arxiv.org/html/1706.03762", ARXIV),
        ("https://ar5iv.org/abs/1706.03762", ARXIV),
        ("https://www.semanticscholar.org/arxiv:1706.03762", ARXIV),
        ("10.48550/arXiv.1706.03762", ARXIV),
        ("doi:10.48550/ARXIV.1706.03762", ARXIV),
        ("https://doi.org/10.48550/arXiv.1706.03762v2", ARXIV),
        ("math/0309136", OLD),
        ("math.GT/0309136", OLD),
        ("arXiv:math.GT/0309136v1", OLD),
        ("MATH/0309136", OLD),
        ("https://arxiv.org/abs/math/0309136", OLD),
        ("https://arxiv.org/pdf/math.GT/0309136v1.pdf", OLD),
        ("10.48550/arXiv.math/0309136", OLD),
        ("10.1145/3292500.3330701", DOI),
        ("DOI:10.1145/3292500.3330701", DOI),
        ("doi: 10.1145/3292500.3330701", DOI),
        ("10.1145/3292500.3330701.", DOI),
        ("10.1145/3292500.3330701).", DOI),
        ("10.1145/3292500.3330701,;", DOI),
        ("https://doi.org/10.1145/3292500.3330701", DOI),
        ("http://dx.doi.org/10.1145%2F3292500.3330701", DOI),
        ("https://dl.acm.org/doi/10.1145/3292500.3330701", DOI),
        ("https://dl.acm.org/doi/abs/10.1145/3292500.3330701?download=true", DOI),
        ("https://dl.acm.org/doi/pdf/10.1145/3292500.3330701", DOI),
        ("openreview:rJ4km2R5t7", OPENREVIEW),
        ("https://openreview.net/forum?id=rJ4km2R5t7", OPENREVIEW),
        ("https://openreview.net/pdf?id=rJ4km2R5t7&name=x", OPENREVIEW),
        ("acl:P18-1001", Identifier("acl", "P18-1001")),
        ("acl:p18-1001", Identifier("acl", "P18-1001")),
        ("https://aclanthology.org/P18-1001/", Identifier("acl", "P18-1001")),
        ("https://aclanthology.org/P18-1001v2.pdf", Identifier("acl", "P18-1001")),
        ("https://www.aclanthology.org/2020.acl-main.1.bib", Identifier("acl", "2020.acl-main.1")),
        ("ACL:2020.ACL-main.1", Identifier("acl", "2020.acl-main.1")),
        ("pmid:012345", Identifier("pmid", "12345")),
        ("https://pubmed.ncbi.nlm.nih.gov/12345/", Identifier("pmid", "12345")),
        ("pmcid:pmc3531190", Identifier("pmcid", "PMC3531190")),
        (
            "https://pmc.ncbi.nlm.nih.gov/articles/PMC3531190/",
            Identifier("pmcid", "PMC3531190"),
        ),
        (
            "https://www.ncbi.nlm.nih.gov/pmc/articles/PMC3531190",
            Identifier("pmcid", "PMC3531190"),
        ),
        ("dblp:conf/nips/VaswaniSPUJGKP17", Identifier("dblp", "conf/nips/VaswaniSPUJGKP17")),
        (
            "https://dblp.org/rec/conf/nips/VaswaniSPUJGKP17.html",
            Identifier("dblp", "conf/nips/VaswaniSPUJGKP17"),
        ),
        (f"S2:{S2.value.upper()}", S2),
        (f"https://www.semanticscholar.org/paper/Attention-is-All/{S2.value}", S2),
        (f"https://www.semanticscholar.org/paper/{S2.value}", S2),
        ("CorpusID:13756489", CORPUS),
        ("CorpusId: 013756489", CORPUS),
        ("https://api.semanticscholar.org/CorpusID:13756489", CORPUS),
        ("https://www.semanticscholar.org/p/13756489", CORPUS),
        ("https://www.semanticscholar.org/paper/CorpusID:13756489", CORPUS),
        ("openalex:w2741809807", Identifier("openalex", "W2741809807")),
        ("https://openalex.org/W2741809807", Identifier("openalex", "W2741809807")),
        ("https://openalex.org/works/W2741809807", Identifier("openalex", "W2741809807")),
        ("isbn:0-306-40615-2", Identifier("isbn", "9780306406157")),
        ("ISBN: 978-0-306-40615-7", Identifier("isbn", "9780306406157")),
        ("isbn:0-8044-2957-x", Identifier("isbn", "9780804429573")),
        ("isbn:9780804429573", Identifier("isbn", "9780804429573")),
    ],
)
def test_all_spellings_of_an_identifier_agree(spelling: str, identifier: Identifier):
    assert ids.parse(spelling) == identifier
    assert ids.parse(ids.format(identifier)) == identifier
    page = ids.url(identifier)
    assert not page or ids.parse(page) == identifier


@pytest.mark.parametrize(
    "text",
    [
        "",
        "arxiv",
        "12",
        "2017",
        "vaswani2017attention",
        "Attention is all you need",
        "1713.03762",  # there is no thirteenth month
        "1700.03762",
        "0703.0001",  # new ids begin with April 2007
        "1412.12345",  # four digits until 2014
        "1501.1234",  # five from 2015 on
        "170603762",
        "1706.037621",
        "1706.03762w5",
        "math/0809136",  # old ids end with March 2007
        "math/9003136",  # and begin with July 1991
        "10.1145",
        "10.1145/",
        "10.12/short",
        "11.1145/3292500",
        "isbn:0-306-40615-3",
        "isbn:9780306406158",
        "isbn:9790306406157999",
        "pmid:abc",
        "pmid:123456789",
        "s2:204e",
        "doi:",
        "https://",
        "https://[",
        "https://example.org/1706.03762",
        "https://huggingface.co/datasets/1706.03762",
        "https://huggingface.co/google/bert",
        "https://arxiv.org/list/cs.CL/recent",
        "https://openreview.net/group?id=ICLR.cc/2024/Conference",
        "https://aclanthology.org/volumes/2020.acl-main/",
        "https://dblp.org/pid/123/456.html",
        "https://www.semanticscholar.org/author/1741101",
        "see arXiv:1706.03762 for more",
    ],
)
def test_what_is_no_identifier_is_none(text: str):
    assert ids.parse(text) is None


@pytest.mark.parametrize(
    ("url", "spelled"),
    [
        ("https://www.aclweb.org/anthology/P18-1001.pdf", "acl:P18-1001"),
        ("https://www.aclweb.org/anthology/papers/P/P18/P18-1001/", "acl:P18-1001"),
        ("https://www.ncbi.nlm.nih.gov/pubmed/12345678", "pmid:12345678"),
        ("https://europepmc.org/article/MED/12345678", "pmid:12345678"),
        ("https://api.openalex.org/works/W2741809807", "openalex:W2741809807"),
        (
            "https://dblp.org/rec/bibtex/conf/nips/VaswaniSPUJGKP17",
            "dblp:conf/nips/VaswaniSPUJGKP17",
        ),
        (
            "https://www.biorxiv.org/content/10.1101/2020.09.09.201v2.full.pdf",
            "doi:10.1101/2020.09.09.201",
        ),
        ("https://www.biorxiv.org/content/10.64898/2026.05.29.7v1", "doi:10.64898/2026.05.29.7"),
        ("https://www.medrxiv.org/content/10.1101/123456v1.abstract", "doi:10.1101/123456"),
        (
            "https://link.springer.com/article/10.1007/s10994-020-05910-7",
            "doi:10.1007/s10994-020-05910-7",
        ),
        (
            "https://link.springer.com/content/pdf/10.1007/s10994-020-0.pdf",
            "doi:10.1007/s10994-020-0",
        ),
        ("https://www.nature.com/articles/nature14539.pdf", "doi:10.1038/nature14539"),
        ("https://journals.aps.org/prl/abstract/10.1103/PhysRev.1.2", "doi:10.1103/physrev.1.2"),
        ("https://www.frontiersin.org/articles/10.3389/f.2020.1/full", "doi:10.3389/f.2020.1"),
        ("https://journals.plos.org/plosone/article?id=10.1371/j.p.1", "doi:10.1371/j.p.1"),
        (
            "https://iopscience.iop.org/article/10.1088/1742-6596/1/1/meta",
            "doi:10.1088/1742-6596/1/1",
        ),
        ("https://zenodo.org/records/1234567", "doi:10.5281/zenodo.1234567"),
        ("https://zenodo.org/badge/DOI/10.5281/zenodo.123.svg", "doi:10.5281/zenodo.123"),
    ],
)
def test_pages_of_publishers_and_services(url: str, spelled: str):
    found = ids.parse(url)
    assert found is not None
    assert ids.format(found) == spelled


@pytest.mark.parametrize(
    "url", ["https://www.nature.com/articles/what-2020-was", "https://example.com/?id=5&doi=x"]
)
def test_pages_that_name_no_paper(url: str):
    assert ids.parse(url) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("10.1000/ABC.def", "10.1000/abc.def"),
        ("10.1000/a(b)", "10.1000/a(b)"),
        ("(10.1000/a)", None),
        ("10.1000/a(b))", "10.1000/a(b)"),
        ("10.1000/a]", "10.1000/a"),
        ('10.1000/a."', "10.1000/a"),
        ("10.1000.10/a", "10.1000.10/a"),
        (
            "10.1002/(SICI)1097-4571(199005)41:3<203::AID-ASI9>3.0.CO;2-R",
            "10.1002/(sici)1097-4571(199005)41:3<203::aid-asi9>3.0.co;2-r",
        ),
        (
            "https://doi.org/10.1002/(SICI)1097-4571(199005)41:3%3C203::AID-ASI9%3E3.0.CO;2-R",
            "10.1002/(sici)1097-4571(199005)41:3<203::aid-asi9>3.0.co;2-r",
        ),
    ],
)
def test_a_doi_has_no_case_and_no_punctuation_behind_it(text: str, value: str | None):
    assert ids.parse(text) == (Identifier("doi", value) if value else None)


_pieces = st.sampled_from(
    [
        "10.",
        "1145",
        "10.1000/",
        "/",
        "a",
        "B",
        "%2F",
        "%2f",
        "%41",
        "%20",
        "%3C",
        "%3E",
        "%C3%84",
        "<",
        ">",
        "(",
        ")",
        "[",
        "]",
        ".",
        ",",
        ";",
        ":",
        "'",
        '"',
        "\u3000",
        "\xa0",
        "İ",
        "ß",
        "arxiv:",
        "doi:",
        "dblp:",
        "acl:",
        "pmid:",
        "s2:",
        "isbn:",
        "openreview:",
        "openalex:",
        "v1",
        "1706",
        "03762",
        "math.GT",
        "0309136",
        "https://",
        "http://www.",
        "doi.org/",
        "arxiv.org/abs/",
        "dblp.org/rec/",
        "openreview.net/forum?id=",
        "[::1",
        "semanticscholar.org/paper/",
        "conf/",
        "nips/",
        "W2741",
        "-",
        "_",
        "?",
        "#",
        "&",
        "=",
        ".pdf",
        ".html",
        "0",
        "00",
        "X",
    ]
)
_almost = st.lists(_pieces, max_size=9).map("".join)


@given(hostile | _almost)
@example("https://[")
@example("https://doi.org:99999999/10.1000/a")
@example("www.\ud800")
def test_parse_takes_any_text(text: str):
    ids.parse(text)


@given(hostile | _almost)
@example("https://doi.org/10.1000/a%3Cb%3E")
@example("10.1000/%2f%C3%84")
@example("10.1000/a%2fb%20c")
@example("10.1000/a\u3000;")
@example("https://doi.org/10.1000/a%25252f")
@example("https://dblp.org/rec/conf/x/y%3B")
@example("pmid:00000")
def test_the_one_spelling_means_the_same_identifier(text: str):
    if identifier := ids.parse(text):
        assert ids.parse(ids.format(identifier)) == identifier


def test_links_are_pages_first_and_each_once():
    found = ids.links(
        paper(
            ids="arxiv:1706.03762 doi:10.1000/a isbn:9780306406157",
            links=[
                ("code", "https://github.com/a/b"),
                ("page", "https://arxiv.org/abs/1706.03762"),
            ],
        )
    )
    assert [tuple(link) for link in found] == [
        ("page", "https://arxiv.org/abs/1706.03762"),
        ("page", "https://doi.org/10.1000/a"),
        ("pdf", "https://arxiv.org/pdf/1706.03762"),
        ("code", "https://github.com/a/b"),
    ]


def test_two_numbers_of_semantic_scholar_are_of_one_page():
    corpus, both = (
        ids.links(paper(ids=" ".join(map(ids.format, known)))) for known in ([CORPUS], [CORPUS, S2])
    )
    assert [link.url for link in corpus] == ["https://api.semanticscholar.org/CorpusID:13756489"]
    assert [link.url for link in both] == [f"https://www.semanticscholar.org/paper/{S2.value}"]


# --- titles -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "spellings",
    [
        ("Attention Is All You Need", "attention is all you need.", "ATTENTION  is all\nyou need"),
        ("{A}ttention is All {You} Need", "Attention Is All You Need"),
        ("Learning $k$-means with \\textbf{Style}", "Learning k-means with Style"),
        ("Gr\\\"obner Bases {\\'e}tale", "Gröbner Bases étale", "Grobner bases etale"),
        ("\\O{}rsted and {\\ss}uch", "Ørsted and ßuch"),
        ('\\AA{}ngstr\\"om and {\\aa}r', "Ångström and år"),
        ("Na{\\\"\\i}ve Garc{\\'\\i}a", "Naïve García"),
        ("An $\\alpha$-Divergence", "An α-divergence", "An alpha divergence"),
        ("The $\\Sigma$ of All", "The Σ of all", "the sigma of all"),
        ("λόγος ς", "λόγοσ σ"),
        ("H<sub>2</sub>O &amp; Salt", "H2O Salt", "H$_2$O & Salt", "H₂O & salt"),
        ("Pre-training of Vision-Language", "Pretraining of Vision Language"),
        ("Pre‐training – of vision—language", "Pre-training - of vision-language"),
        ("Bayes' Rule and Newton's", "Bayes’ rule and Newton’s", "Bayes rule and Newtons"),
        ("ﬁnding ﬂow", "finding flow"),
        ("注意力就是你所需要的", "注意力就是你所需要的。"),
        ("デモ", "デモ"),
    ],
)
def test_spellings_of_a_title_fold_alike(spellings: tuple[str, ...]):
    assert len({"".join(ids.words(spelling)) for spelling in spellings}) == 1
    assert ids.words(spellings[0])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Attention Is All You Need", "Attention Is Not All You Need"),
        ("The $\\alpha$ of Things", "The $\\beta$ of Things"),
        ("Part 1 of Things", "Part 2 of Things"),
        ("注意力就是你所需要的", "注意力不是你所需要的"),
    ],
)
def test_different_titles_do_not_fold_alike(one: str, other: str):
    assert ids.words(one) != ids.words(other)


@given(hostile)
def test_titles_fold_whatever_they_are(text: str):
    ids.fingerprints(paper(text))
    assert ids.words(" ".join(ids.words(text))) is not None


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Ludwig van Beethoven", "beethoven"),
        ("van Beethoven, Ludwig", "beethoven"),
        ("Łukasz Kaiser", "kaiser"),
        ("Kaiser, L.", "kaiser"),
        ("Ashish VASWANI", "vaswani"),
        ("Martin Luther King Jr.", "king"),
        ("King, Jr., Martin Luther", "king"),
        ("Erdős, Pál", "erdos"),
        ("Plato", "plato"),
        ("", ""),
        (",", ""),
    ],
)
def test_an_author_is_known_by_the_family_name(name: str, key: str):
    assert ids.family_key(name) == key


# --- who is it ----------------------------------------------------------------------------------


def same(a: Paper, b: Paper) -> bool:
    answers = {
        ids.compatible(*pair)
        for one in ids.fingerprints(a)
        for other in ids.fingerprints(b)
        for pair in ((one, other), (other, one))
    }
    return True in answers


WORK = paper("Attention Is All You Need", authors=("Ashish Vaswani",), date="2017-06")


@pytest.mark.parametrize(
    ("other", "is_same"),
    [
        (WORK, True),
        (paper("attention is {All} you need.", authors=("Vaswani, A.",), date="2017"), True),
        (published("Attention is all you need", authors=("A. Vaswani",), date="2020-12"), True),
        (published("Attention is all you need", authors=("A. Vaswani",), date="2014"), True),
        (published("Attention is all you need", authors=("A. Vaswani",), date="2021-01"), False),
        (paper("Attention is all you need", authors=("Noam Shazeer",), date="2017"), False),
        (paper("Attention is all you need", date="2017"), True),
        (paper("Attention is all you need"), True),
        (paper("Attention is all you read", authors=("A. Vaswani",), date="2017"), False),
    ],
)
def test_one_title_with_one_author_within_three_years_is_one_paper(other: Paper, is_same: bool):
    assert same(WORK, other) is is_same


def test_each_title_of_a_record_counts():
    both = paper(versions=(version("An Earlier Title for This"), version("A Later Title for This")))
    assert same(both, paper("an earlier title for this"))
    assert same(both, paper("a later title for this"))


@pytest.mark.parametrize(
    "title",
    [
        "Introduction",
        "Deep Learning",
        "Book of Abstracts",
        "Attention - a survey",
        "Errata & Corrigenda : Notes",
        "论文集",
    ],
)
def test_a_title_of_fewer_than_four_words_is_never_enough(title: str):
    one = paper(title, ids="doi:10.1000/a", authors=("Ann Ode",), date="2020")
    other = paper(title, ids="doi:10.1000/b", authors=("Ann Ode",), date="2020")
    assert not same(one, other)


def test_a_title_in_ideographs_needs_no_blanks_between_its_words():
    assert same(paper("注意力就是你所需要的"), paper("注意力就是你所需要的。"))


@pytest.mark.parametrize(
    "beside",
    [
        {"abstract": "We measure X."},
        {"key": "ode2020deep"},
        {},  # the very same record once more
    ],
)
def test_a_short_title_counts_with_abstract_or_key_or_as_the_same_record(beside: dict):
    short = paper("Deep Learning", authors=("Ann Ode",), venue="Nature", date="2015", **beside)
    assert same(short, short)


def test_a_short_title_with_something_else_beside_it_is_another_paper():
    short = paper("Deep Learning", authors=("Ann Ode",), venue="Nature", date="2015")
    for other in (
        paper("Deep Learning", authors=("Ann Ode",), venue="Science", date="2015"),
        paper("Deep Learning", authors=("Ann Ode",), venue="Nature", date="2016"),
        paper("Deep Learning", authors=("Ann Ode", "Bo Li"), venue="Nature", date="2015"),
        paper("Deep Learning", authors=("Ann Ode",), venue="Nature", date="2015", abstract="x"),
    ):
        assert not same(short, other)


@given(papers((*TITLES, *SHORT_TITLES)), papers((*TITLES, *SHORT_TITLES)))
def test_being_the_same_paper_is_mutual(a: Paper, b: Paper):
    for one in ids.fingerprints(a):
        assert ids.compatible(one, one)
        for other in ids.fingerprints(b):
            assert ids.compatible(one, other) is ids.compatible(other, one)


@given(papers((*TITLES, *SHORT_TITLES)))
def test_a_fingerprint_fits_into_a_row_of_the_library(record: Paper):
    for value, author, year in ids.fingerprints(record):
        assert -(2**63) <= value < 2**63
        assert author == author.lower()
        assert year == 0 or 1000 <= year <= 9999


def test_what_is_unknown_does_not_differ():
    full, blank = Fingerprint(1, "ode", 2020), Fingerprint(1, "", 0)
    assert ids.compatible(full, blank)
    assert not ids.compatible(full, Fingerprint(2, "", 0))
