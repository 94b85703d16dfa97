"""The words of readlist as values: frozen, keyword-only, standard library only.

*What the world says* (`Paper` and its parts) and *what the owner says* (`Entry`, `Act`) are
different types: sources and formats make papers, so no import can touch the owner's data.
Dates are ISO 8601 text as precise as is known (`2017`, `2017-06`, `2017-06-12`); an unknown
text is `""`, an unknown number `None`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Any, NamedTuple


class Identifier(NamedTuple):
    """A normalised name of a paper, e.g. `("arxiv", "1706.03762")`; made by `ids`."""

    scheme: str
    value: str


class Link(NamedTuple):
    """A place to look at: `kind` is `page`, `pdf`, `code`, `project` or `web`."""

    kind: str
    url: str


class Standing(IntEnum):
    """How close a record is to the paper itself; the higher one is shown and cited."""

    LISTED = 0  # second-hand, as a copied listing whose dates may be a day off
    PREPRINT = 1
    PUBLISHED = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One way a paper appeared: as listed somewhere, as a preprint, in one venue.

    `type` is a BibTeX entry type or `""`; `fields` are further bibliographic fields by their
    BibTeX names with BibTeX source text as values, in the order of the record.
    """

    standing: Standing = Standing.PREPRINT
    title: str = ""
    venue: str = ""
    date: str = ""
    type: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """Where and when a paper was met, with that source's signals then (`None`: not said)."""

    source: str
    at: str
    place: str = ""
    upvotes: int | None = None
    comments: int | None = None
    stars: int | None = None
    citations: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """What the world says of a paper.

    `versions` is never empty and best first (`merge.order`). Authors are `Given Family`, or
    `Family, Given` where the record says which part is which. `author_count` counts authors
    whose names are unknown. `key` is the citation key that the record proposes. `extra` keeps
    what a record said beyond these fields. `retractions` say in words who took the paper back, and
    when: `retracted 2021-03-04 (crossref)`, `withdrawn (arxiv)`.
    """

    versions: tuple[Version, ...]
    authors: tuple[str, ...] = ()
    author_count: int | None = None
    abstract: str = ""
    identifiers: tuple[Identifier, ...] = ()
    links: tuple[Link, ...] = ()
    categories: tuple[str, ...] = ()
    organization: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)
    retractions: tuple[str, ...] = ()
    key: str = ""
    sightings: tuple[Sighting, ...] = ()

    @property
    def title(self) -> str:
        return next((v.title for v in self.versions if v.title), "")

    @property
    def venue(self) -> str:
        return next((v.venue for v in self.versions if v.venue), "")

    @property
    def date(self) -> str:
        return next((v.date for v in self.versions if v.date), "")

    @property
    def type(self) -> str:
        return next((v.type for v in self.versions if v.type), "")

    @property
    def standing(self) -> Standing:
        return max(v.standing for v in self.versions)

    def identifier(self, scheme: str) -> str:
        """The first identifier of a scheme, or `""`."""
        return next((i.value for i in self.identifiers if i.scheme == scheme), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something that should have been a paper and is not: where, what, and the raw text."""

    where: str
    what: str
    raw: str = ""

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


class Status(StrEnum):
    NEW = "new"
    LATER = "later"
    READING = "reading"
    READ = "read"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A paper in the owner's library, with what the owner says of it.

    `rating` is 1 (like), -1 (dislike) or None. `key` is `""` until one is given, `aliases` are
    keys it had before. `score` is the recommender's (higher is better), None without a model.
    """

    id: int
    paper: Paper
    added: datetime
    key: str = ""
    aliases: tuple[str, ...] = ()
    status: Status = Status.NEW
    status_at: datetime | None = None
    rating: int | None = None
    rated_at: datetime | None = None
    tags: tuple[str, ...] = ()
    note: str = ""
    noted_at: datetime | None = None
    score: float | None = None

    @property
    def decided(self) -> bool:
        return self.status is not Status.NEW or self.rating is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing to set on one entry: `field` is `status`, `rating`, `note` or `tag`.

    For a tag, `value` is the tag and `on` says whether it is put on or taken off; for the
    others `value` is the new value as text, None for none.
    """

    paper_id: int
    field: str
    value: str | None
    on: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One thing the owner did. Acts of one command or key share a step and are undone together.

    `field` is that of a `Change`, or `merge`, `split`, `apart` (`after` is the number of the other
    paper), or `record` (`after` is what it filled in). `before` and `after` are the field's values
    as text (None: none); putting a tag on goes from None to the tag. `what` says the step in
    words; `undoes` is the step that this one took back.
    """

    step: int
    at: datetime
    what: str
    paper_id: int
    field: str
    before: str | None
    after: str | None
    undoes: int | None = None
    undone: bool = False


LEANINGS = ("author", "category", "venue", "term", "interest")  # what one can lean to or from


class Leaning(NamedTuple):
    """What the owner says of a `kind` of LEANINGS: 1 pinned, more of it; -1 muted, never put
    forward. Where one was taken away, 0.

    `name` is as the owner wrote it: an author's in any form, a category with those below it (`cs`),
    a venue's whole name, a term of titles and abstracts, or an interest in a few plain words.
    """

    kind: str
    name: str
    stance: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Leant:
    """One act that is about no paper: a leaning, or the `reset` of all that was before it.

    `kind`, `name` and `stance` are those of the `Leaning`, or `reset`, `""` and 0; the rest is as in
    an `Act`. A step that undid others has what those did.
    """

    step: int
    at: datetime
    what: str
    kind: str
    name: str
    stance: int
    undoes: int | None = None
    undone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """An entry as readlist's own JSONL keeps it: all that is needed to have it again."""

    entry: Entry
    acts: tuple[Act, ...] = ()
    fingerprints: tuple["Fingerprint", ...] = ()
    records: tuple["Record", ...] = ()  # that the paper is made of, where there are several
    apart: tuple[int, ...] = ()  # entries of which the owner said that they are different papers
    shown: tuple[str, ...] = ()  # days on which it was put forward as a pick


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """How far a feed was read: `state` is what its source remembers (JSON values), `request` what
    was asked for. `new` papers came in the last time, `total` ever. `error` is `""` once it
    has succeeded again.
    """

    name: str
    request: str
    state: Mapping[str, Any] = field(default_factory=dict)
    succeeded: datetime | None = None
    new: int = 0
    total: int = 0
    failed: datetime | None = None
    error: str = ""


class Fingerprint(NamedTuple):
    """What a record's title says about who it is; see `ids.fingerprints`.

    `value` is a signed 64-bit hash, `author` the folded family name of the first author or
    `""`, `year` 0 when unknown.
    """

    value: int
    author: str
    year: int


class Record(NamedTuple):
    """One of the records that a paper is made of, and its number where there are several."""

    paper: Paper
    fingerprints: tuple[Fingerprint, ...]
    id: int | None = None


class Opinion(NamedTuple):
    """What the owner did with one paper, for learning.

    `at` is the time of the newest act, None if there is none. `ignored`: it was put forward as a
    pick on an earlier day and left undecided.
    """

    paper_id: int
    status: Status
    rating: int | None = None
    at: datetime | None = None
    ignored: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why a pick was put forward, by its `kind`.

    `terms`: words that spoke for it, strongest first. `author`: one whose papers were liked, and
    how many. `near`: the title of a liked paper with its id. `interest`: one in plain words that it
    is close to. `pinned`: the kind and name of what the owner pinned. `popular`: the upvotes that
    decided. `explore`, `fallback`: a sentence.
    """

    kind: str
    text: str
    paper_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pick:
    """An entry put forward. `match` is 1–100: the share of undecided papers it beats.

    `probability` that the owner likes it, 0–1, is None until there are enough ratings.
    """

    entry: Entry
    match: int | None
    probability: float | None
    reasons: tuple[Reason, ...]
