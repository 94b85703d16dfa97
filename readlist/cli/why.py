"""Why a paper has its score, in full."""

import math
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

import click

from ..library import Library
from . import options, screen
from .app import App, pass_library
from .learn import progressing

if TYPE_CHECKING:
    from ..explaining import Account
    from ..recommend.account import Share
    from ..recommend.why import Near, Raise, Why

_NAMED = 8  # contributions of each sign that are shown by name
_BESIDE = 76  # columns that two lists side by side need
_LABEL = 13  # columns of the widest label


@click.command
@options.handles
@options.as_json
@pass_library
def why(app: App, library: Library, handles: tuple[str, ...], as_json: bool) -> None:
    """Show why papers have their scores: all that counts for them and against them.

    What is shown sums to the score: what its terms, authors, categories and venue add or take,
    what you pinned and muted, and where every paper begins. What you like scores about 1, papers
    in general about -1. It also says what you liked and
    disliked is closest, and what would raise the score. --json has every contribution.

    \b
    readlist why 12
    readlist why 1706.03762 --json
    """
    from .. import explaining

    ids, code = options.resolve(library, handles)
    with progressing("reading papers") as progress:
        accounts = explaining.why(
            library,
            ids,
            today=app.time.astimezone().date(),
            taste=app.taste(),
            progress=progress,
        )
    if as_json:
        for line in screen.json_array(map(_record, accounts)):
            click.echo(line)
    else:
        for number, account in enumerate(accounts):
            if number:
                click.echo()
            for line in _page(account, min(app.width or 80, 100)):
                click.echo(line)
    if code:
        raise click.exceptions.Exit(code)


def _page(account: "Account", columns: int) -> Iterator[str]:
    entry = screen.harmless(account.entry)
    for line in screen.wrap(screen.label(entry), columns):
        yield click.style(line, bold=True)
    told = (screen.byline(entry.paper), entry.paper.date, entry.paper.venue, screen.state(entry))
    for line in screen.wrap(" · ".join(filter(None, told)), columns):
        yield click.style(line, dim=True)
    if account.why is None:
        yield from screen.wrap(screen.safe(account.fallback), columns)
        return
    found: Why = screen.harmless(account.why)
    yield from screen.wrap(_score(found, account.undecided), columns)
    yield ""
    yield from _table(found.shares, columns)
    rows = [
        *(_near(each) for each in found.near),
        *(("against it", doubt) for doubt in found.doubts),
        *(("to raise it", _step(step)) for step in found.raising),
    ]
    if rows:
        yield ""
    last = ""
    for label, text in rows:
        shown = "" if label == last else label
        first, *more = screen.wrap(text, columns - _LABEL - 2)
        yield f"{click.style(shown.ljust(_LABEL), dim=True)}  {first}"
        for line in more:
            yield " " * (_LABEL + 2) + line
        last = label


def _near(near: "Near") -> tuple[str, str]:
    kind, name, paper_id, _ = near.said
    named = name if paper_id is None else f"{name} ({paper_id})"
    shares = f"; shares {', '.join(near.terms)}" if near.terms else ""
    return f"near {kind}", f"{near.similarity:.0%}  {named}{shares}"


def _score(why: "Why", undecided: int) -> str:
    total = sum(share.amount for share in why.shares)
    others = screen.number_of(undecided, "undecided paper")
    said = f"score {total:+.3f}, which beats {why.match}% of {others}"
    if why.probability is not None:
        said += f"; {why.probability:.0%} likely to be liked"
    return said


def _step(step: "Raise") -> str:
    names = ", ".join(step.names)
    said = {"like": "like papers about", "pin": f"pin {step.kind}", "unmute": f"unmute {step.kind}"}
    return f"{said[step.act]} {names}"


def _table(shares: "Sequence[Share]", columns: int) -> Iterator[str]:
    """What is for a paper and what is against it, side by side where there is room. As shown, it
    sums to the score as shown.
    """
    *named, start = shares
    sides = [_side(named, 1), _side(named, -1)]
    amounts = iter(_thousandths([*(amount for side in sides for _, amount in side), start.amount]))
    cells = [[f"{next(amounts) / 1000:+.3f}  {name}" for name, _ in side] for side in sides]
    heads = ("for it", "against it")
    if columns >= _BESIDE:
        half = columns // 2 - 1
        yield click.style(f"{heads[0]:<{half}}  {heads[1]}", dim=True)
        for left, right in zip_longest(*cells, fillvalue=""):
            yield f"{screen.fit(left, half)}  {screen.fit(right, half)}".rstrip()
    else:
        for head, side in zip(heads, cells, strict=True):
            yield click.style(head, dim=True)
            for cell in side:
                yield screen.fit(cell, columns).rstrip()
    yield f"{next(amounts) / 1000:+.3f}  where every paper begins"


def _side(shares: "Sequence[Share]", sign: int) -> list[tuple[str, float]]:
    """The strongest of a sign by name, where the name says something, and the sum of the rest."""
    from ..recommend.wording import telling

    mine = [share for share in shares if share.amount * sign > 0]
    worth = [share for share in mine if share.kind != "term" or telling(share.name)][:_NAMED]
    rest = [share for share in mine if share not in worth]
    side = [(f"{share.kind} {share.name}", share.amount) for share in worth]
    if rest:
        kinds = {share.kind for share in rest}
        what = screen.number_of(len(rest), "other term" if kinds == {"term"} else "other")
        side.append((what, sum(share.amount for share in rest)))
    return side


def _thousandths(amounts: Sequence[float]) -> list[int]:
    """The amounts rounded so that they sum to their rounded sum (largest remainders)."""
    exact = [amount * 1000 for amount in amounts]
    found = [math.floor(amount) for amount in exact]
    missing = round(sum(exact)) - sum(found)
    for place in sorted(range(len(exact)), key=lambda n: found[n] - exact[n])[:missing]:
        found[place] += 1
    return found


def _record(account: "Account") -> dict[str, Any]:
    from ..formats import jsonl

    why = account.why
    return {
        "score": sum(share.amount for share in why.shares) if why else None,
        "match": why.match if why else None,
        "probability": why.probability if why else None,
        "shares": [share._asdict() for share in why.shares] if why else [],
        "near": [
            {
                "kind": each.said.kind,
                "text": each.said.name,
                "paper_id": each.said.paper_id,
                "similarity": each.similarity,
                "terms": list(each.terms),
            }
            for each in (why.near if why else ())
        ],
        "against": list(why.doubts) if why else [],
        "to_raise": [
            {"act": step.act, "kind": step.kind, "names": list(step.names)}
            for step in (why.raising if why else ())
        ],
        "fallback": account.fallback or None,
        "entry": jsonl.record(account.entry),
    }


commands = {"why": why}
