import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from strategies import hostile

from readlist.formats import latex

# What LaTeX is made of, in any order.
_PIECES = r"""{ } { } \ \' \" \c \v \u \i \ss \emph \TeX \alpha \frac \foo \href \url \verb \( \)
    $ $ % & # _ ^ ~ - -- ` '' a e o BERT GPT-4 2 . , é 中"""
source = st.lists(st.sampled_from([*_PIECES.split(), " ", "\n"]), max_size=30).map("".join)


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("Attention  is\n all you need", "Attention is all you need"),
        (
            r"{\"o} \'{\i} \c{c} \v s {\ss} \o{} {\AA}ngstr{\"om} \~n \'\i\H{o}",
            "ö í ç š ß ø Ångström ñ íő",
        ),
        (
            r"G{\"{o}}del, Erd\H os, {\L}ukasiewicz, Dvo{\v r}{\'a}k",
            "Gödel, Erdős, Łukasiewicz, Dvořák",
        ),
        (r"{\ifmmode \check{c}\else \v{c}\fi{}}apek", "čapek"),
        (r"{BERT} and {G}PT", "BERT and GPT"),
        (r"\emph{very} {\em much} \textbf{so} \textsuperscript{th}", "very much so th"),
        (r"a--b---c ``q'' x~y", "a–b—c “q” x y"),
        (r"AT\&T 5\% \$3 \#1 a\_b \{x\}", "AT&T 5% $3 #1 a_b {x}"),
        ("100% sure of {it}", "100% sure of it"),
        (r"$O(n^2)$ {\alpha} and \(a_b\) {$x%y$}", r"$O(n^2)$ α and \(a_b\) $x%y$"),
        (r"\href{https://x.org/a_b}{here} \url{http://a%20b}", "here http://a%20b"),
        (r"\LaTeX{} and \TeX\ and {\BibTeX}", "LaTeX and TeX and BibTeX"),
        (r"{\noopsort{1973b}}1973", "1973"),
        (r"\acro{XML} in \TUB{} by \apj", "XML in TUB by apj"),
        (r"\backslash x", r"\x"),
        ("a { b", "a b"),
        ("\\", ""),
        ("", ""),
    ],
)
def test_source_reads_as_it_prints(written: str, printed: str):
    assert latex.decode(written) == printed


@pytest.mark.parametrize(
    ("title", "written"),
    [
        ("Attention Is All You Need", "Attention Is All You Need"),
        ("BERT: Pre-training of Deep Things", "{BERT}: Pre-training of Deep Things"),
        ("GPT-4 and LoRA for iPhone users", "{GPT}-4 and {LoRA} for {iPhone} users"),
        ("T5, 3D, Llama2 and word2vec in 2017", "{T5}, {3D}, {Llama2} and word2vec in 2017"),
        ("Type I Errors with Vitamin D", "Type {I} Errors with Vitamin {D}"),
        ("A Survey: A Look at A* and C++", "A Survey: A Look at {A*} and {C++}"),
        ("H$_2$O, $k$-NN and $\\alpha$-Fair Things", "{H$_2$O}, $k$-{NN} and $\\alpha$-Fair Things"),
        ("AT&T at 5% of $20 for #1 a_b", r"{AT\&T} at 5\% of \$20 for \#1 a\_b"),
        ("McDonald's “ImageNet” (ViT)", "{McDonald's} “{ImageNet}” ({ViT})"),
        ("ATTENTION IS ALL YOU NEED", "ATTENTION IS ALL YOU NEED"),
        ("U.S. BERT.", "{U.S}. {BERT}."),
        ("Sets {0,1}", r"Sets {\textbraceleft}0,1{\textbraceright}"),
        ("a } b { c", r"a {\textbraceright} b {\textbraceleft} c"),
        ("Étude für Łukasz", "Étude für Łukasz"),
    ],
)  # fmt: skip
def test_capitals_that_mean_something_are_kept(title: str, written: str):
    assert latex.encode_title(title) == written
    assert latex.decode(written) == title


@pytest.mark.parametrize(
    "text", [r"C:\temp\new", r"An \end{x} in Sight", r"By \cite{one} and \ref{two}", r"\foo bar"]
)
def test_commands_that_print_nothing_are_text(text: str):
    assert latex.decode(latex.encode_title(text)) == text
    assert latex.decode(latex.encode(text)) == text


def test_titles_that_are_source_already_stay_source():
    assert latex.encode_title(r"Schr\"odinger & {BERT}") == r"Schr\"odinger \& {BERT}"
    assert latex.encode_title(r"{BERT and \'e") == r"BERT and \'e"


@pytest.mark.parametrize(
    ("broken", "balanced"),
    [
        ("a {b} c", "a {b} c"),
        ("a } b { c", "a  b  c"),
        (r"\{x\}", r"\{x\}"),
        (r"a \{ b", r"a {\textbraceleft} b"),
        (r"C:\dir" + "\\", r"C:\dir" + "\\ "),
        (r"{\\}", r"{\\ }"),
    ],
)
def test_no_brace_is_left_alone(broken: str, balanced: str):
    assert latex.balanced(broken) == balanced


@settings(max_examples=300)
@given(hostile | source)
def test_any_text_can_be_decoded_and_balanced(text: str):
    assert "\n" not in latex.decode(text)
    once = latex.balanced(text)
    assert latex.balanced(once) == once
    assert once.count("{") == once.count("}")
    bare = once.replace("\\{", "").replace("\\}", "")
    assert bare.count("{") == bare.count("}")


@settings(max_examples=300)
@given(hostile | source, st.sampled_from([latex.encode, latex.encode_title]))
def test_text_comes_back_from_source(text: str, encode):
    text = " ".join(latex.fold("".join(c for c in text if c >= " ")).split())
    # Two hyphens are a dash and two accents a quotation mark, also where they were not meant.
    assume(not latex.is_source(text) and "--" not in text and "``" not in text and "''" not in text)
    written = encode(text)
    assert latex.balanced(written) == written
    assert latex.decode(written) == text
