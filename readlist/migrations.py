"""The schema of a library, as an append-only list of steps.

A shipped step is never edited; steps import nothing else of the package. After the last step
`PRAGMA user_version` is the number of steps, by which `library` tells, without loading
sqlite-utils, that there is nothing to do.
"""

import sqlite3

from sqlite_utils import Database, Migrations

migrations = Migrations("readlist")


@migrations()
def m001_initial(db: Database) -> None:
    _run(db, _INITIAL)


@migrations()
def m002_sources(db: Database) -> None:
    _run(db, _SOURCES)


@migrations()
def m003_records(db: Database) -> None:
    _run(db, _RECORDS)


@migrations()
def m004_leanings(db: Database) -> None:
    _run(db, _LEANINGS)


def _run(db: Database, statements: str) -> None:
    # Not executescript(): it would commit the transaction that the step runs in.
    for statement in statements.split(";;"):
        db.execute(statement)


_INITIAL = """
CREATE TABLE papers (
  id INTEGER PRIMARY KEY AUTOINCREMENT,  -- the handle; never used again
  -- the version to show: what it says, or where it is silent the next best one
  title TEXT NOT NULL,
  venue TEXT NOT NULL,
  date TEXT NOT NULL CHECK (date = '' OR date GLOB '[0-9][0-9][0-9][0-9]*'),  -- 2017[-06[-12]]
  type TEXT NOT NULL,           -- BibTeX entry type
  standing INTEGER NOT NULL CHECK (standing IN (0, 1, 2)),  -- listed, preprint, published
  fields TEXT NOT NULL CHECK (json_valid(fields)),  -- further BibTeX fields
  versions TEXT CHECK (versions IS NULL OR json_valid(versions)),  -- all, when more than one
  -- what all records together say
  authors TEXT NOT NULL CHECK (json_valid(authors)),  -- ["Given Family" or "Family, Given"]
  author_count INTEGER,         -- where the names are not known
  abstract TEXT NOT NULL,
  links TEXT NOT NULL CHECK (json_valid(links)),  -- [[kind, url]]
  categories TEXT NOT NULL CHECK (json_valid(categories)),  -- the primary one first
  organization TEXT NOT NULL,
  extra TEXT NOT NULL CHECK (json_valid(extra)),
  -- ours
  added TEXT NOT NULL,          -- UTC
  revision INTEGER NOT NULL     -- grows with each change of any paper
) STRICT
;;
CREATE INDEX papers_date ON papers (date)
;;
CREATE UNIQUE INDEX papers_revision ON papers (revision)
;;
CREATE TABLE identifiers (
  scheme TEXT NOT NULL,         -- arxiv, doi, acl, ...
  value TEXT NOT NULL,
  paper_id INTEGER NOT NULL REFERENCES papers ON DELETE CASCADE,
  PRIMARY KEY (scheme, value)
) STRICT, WITHOUT ROWID
;;
CREATE INDEX identifiers_paper ON identifiers (paper_id)
;;
CREATE TABLE fingerprints (     -- the titles of all records of a paper, to know it again
  value INTEGER NOT NULL,       -- hash of the folded title
  author TEXT NOT NULL,         -- first author's family name, folded; '' unknown
  year INTEGER NOT NULL,        -- 0 unknown
  paper_id INTEGER NOT NULL REFERENCES papers ON DELETE CASCADE,
  PRIMARY KEY (value, paper_id, author, year)
) STRICT, WITHOUT ROWID
;;
CREATE INDEX fingerprints_paper ON fingerprints (paper_id)
;;
CREATE TABLE sightings (        -- where and when a paper was met, with the signals of then
  paper_id INTEGER NOT NULL REFERENCES papers ON DELETE CASCADE,
  source TEXT NOT NULL,
  place TEXT NOT NULL,
  at TEXT NOT NULL,
  upvotes INTEGER,
  comments INTEGER,
  stars INTEGER,
  PRIMARY KEY (paper_id, source, place, at)
) STRICT, WITHOUT ROWID
;;
CREATE TABLE entries (          -- what the owner says; a paper without a row is new
  paper_id INTEGER PRIMARY KEY REFERENCES papers ON DELETE CASCADE,
  status TEXT NOT NULL DEFAULT 'new'
    CHECK (status IN ('new', 'later', 'reading', 'read', 'skipped')),
  status_at TEXT,
  rating INTEGER CHECK (rating IN (-1, 1)),
  rated_at TEXT,
  note TEXT NOT NULL DEFAULT '',
  noted_at TEXT
) STRICT
;;
CREATE TABLE tags (
  paper_id INTEGER NOT NULL REFERENCES papers ON DELETE CASCADE,
  tag TEXT NOT NULL CHECK (tag <> ''),
  PRIMARY KEY (paper_id, tag)
) STRICT, WITHOUT ROWID
;;
CREATE INDEX tags_tag ON tags (tag)
;;
CREATE TABLE citation_keys (    -- once given, a key stays with its paper
  key TEXT PRIMARY KEY COLLATE NOCASE CHECK (key <> ''),
  paper_id INTEGER NOT NULL REFERENCES papers ON DELETE CASCADE,
  current INTEGER NOT NULL CHECK (current IN (0, 1))  -- 0: it had this one before
) STRICT, WITHOUT ROWID
;;
CREATE UNIQUE INDEX citation_keys_current ON citation_keys (paper_id) WHERE current
;;
CREATE INDEX citation_keys_paper ON citation_keys (paper_id)
;;
CREATE TABLE steps (            -- what is done by one command or key, and undone at once
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at TEXT NOT NULL,
  what TEXT NOT NULL,
  undoes INTEGER UNIQUE REFERENCES steps
) STRICT
;;
CREATE INDEX steps_at ON steps (at)
;;
CREATE TABLE acts (             -- append-only: each thing the owner did
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  step INTEGER NOT NULL REFERENCES steps,
  paper_id INTEGER NOT NULL REFERENCES papers ON DELETE CASCADE,
  field TEXT NOT NULL CHECK (field IN ('status', 'rating', 'tag', 'note')),
  before TEXT,
  after TEXT
) STRICT
;;
CREATE INDEX acts_step ON acts (step)
;;
CREATE INDEX acts_paper ON acts (paper_id)
;;
CREATE TABLE shown (            -- which papers were put forward as picks on which day
  paper_id INTEGER NOT NULL REFERENCES papers ON DELETE CASCADE,
  day TEXT NOT NULL,
  PRIMARY KEY (paper_id, day)
) STRICT, WITHOUT ROWID
;;
CREATE VIRTUAL TABLE papers_text USING fts5 (
  title, abstract, authors,
  content = 'papers', content_rowid = 'id', tokenize = 'porter unicode61 remove_diacritics 2'
)
;;
-- Words are gathered in memory up to so many bytes: an index in fewer parts is faster to make.
INSERT INTO papers_text (papers_text, rank) VALUES ('hashsize', 67108864)
;;
CREATE TABLE internals (
  only INTEGER PRIMARY KEY CHECK (only = 1),
  revision INTEGER NOT NULL,    -- of the last change of any paper; never used again
  -- Row by row an index costs twice what it does in bulk: an import sets this inside its own
  -- transaction and fills the index itself. Whoever else writes gets the triggers.
  defer_text INTEGER NOT NULL CHECK (defer_text IN (0, 1))
) STRICT
;;
INSERT INTO internals VALUES (1, 0, 0)
;;
CREATE TRIGGER papers_text_insert AFTER INSERT ON papers
WHEN (SELECT defer_text FROM internals) = 0 BEGIN
  INSERT INTO papers_text (rowid, title, abstract, authors)
  VALUES (new.id, new.title, new.abstract, new.authors);
END
;;
CREATE TRIGGER papers_text_delete AFTER DELETE ON papers BEGIN
  INSERT INTO papers_text (papers_text, rowid, title, abstract, authors)
  VALUES ('delete', old.id, old.title, old.abstract, old.authors);
END
;;
CREATE TRIGGER papers_text_update AFTER UPDATE OF title, abstract, authors ON papers
WHEN old.title <> new.title OR old.abstract <> new.abstract OR old.authors <> new.authors BEGIN
  INSERT INTO papers_text (papers_text, rowid, title, abstract, authors)
  VALUES ('delete', old.id, old.title, old.abstract, old.authors);
  INSERT INTO papers_text (rowid, title, abstract, authors)
  VALUES (new.id, new.title, new.abstract, new.authors);
END
;;
CREATE VIEW reading_list AS
SELECT p.id, k.key, p.title, p.authors, p.date, p.venue, coalesce(e.status, 'new') AS status,
  e.rating, (SELECT group_concat(tag, ' ') FROM tags t WHERE t.paper_id = p.id) AS tags,
  coalesce(e.note, '') AS note, p.abstract, p.added
FROM papers p
LEFT JOIN entries e ON e.paper_id = p.id
LEFT JOIN citation_keys k ON k.paper_id = p.id AND k.current
"""

_SOURCES = """
ALTER TABLE papers ADD COLUMN retractions TEXT NOT NULL  -- who took it back, and when
  DEFAULT '[]' CHECK (json_valid(retractions))
;;
ALTER TABLE sightings ADD COLUMN citations INTEGER
;;
CREATE TABLE feeds (            -- how far each feed of the settings was read
  name TEXT PRIMARY KEY,
  request TEXT NOT NULL,        -- the source and options that the rest is about
  state TEXT NOT NULL CHECK (json_valid(state)),  -- from where on to read, as its source says it
  succeeded TEXT,
  new INTEGER NOT NULL,         -- papers that came in the last time
  total INTEGER NOT NULL,       -- and ever
  failed TEXT,                  -- when it failed last, if it has not succeeded since
  error TEXT NOT NULL
) STRICT, WITHOUT ROWID
;;
CREATE TABLE asked (            -- what no service knew of a paper, and when it was asked for
  paper_id INTEGER NOT NULL REFERENCES papers ON DELETE CASCADE,
  part TEXT NOT NULL,
  at TEXT NOT NULL,
  PRIMARY KEY (paper_id, part)
) STRICT, WITHOUT ROWID
"""

_RECORDS = """
-- An identifier may be of two papers of which the owner said that they are different.
CREATE TABLE new_identifiers (
  scheme TEXT NOT NULL,         -- arxiv, doi, acl, ...
  value TEXT NOT NULL,
  paper_id INTEGER NOT NULL REFERENCES papers ON DELETE CASCADE,
  PRIMARY KEY (scheme, value, paper_id)
) STRICT, WITHOUT ROWID
;;
INSERT INTO new_identifiers SELECT scheme, value, paper_id FROM identifiers
;;
DROP TABLE identifiers
;;
ALTER TABLE new_identifiers RENAME TO identifiers
;;
CREATE INDEX identifiers_paper ON identifiers (paper_id)
;;
CREATE TABLE new_acts (         -- append-only: each thing the owner did
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  step INTEGER NOT NULL REFERENCES steps,
  paper_id INTEGER NOT NULL REFERENCES papers ON DELETE CASCADE,
  field TEXT NOT NULL
    CHECK (field IN ('status', 'rating', 'tag', 'note', 'record', 'merge', 'split', 'apart')),
  before TEXT,
  after TEXT,
  origin INTEGER NOT NULL       -- the paper that it was done to, which may be another one now
) STRICT
;;
INSERT INTO new_acts SELECT id, step, paper_id, field, before, after, paper_id FROM acts
;;
DROP TABLE acts
;;
ALTER TABLE new_acts RENAME TO acts
;;
CREATE INDEX acts_step ON acts (step)
;;
CREATE INDEX acts_paper ON acts (paper_id)
;;
CREATE TABLE moves (            -- what it takes to undo an act that changed which records are a paper
  act INTEGER PRIMARY KEY REFERENCES acts ON DELETE CASCADE,
  was TEXT NOT NULL CHECK (json_valid(was))
) STRICT
;;
CREATE TABLE records (          -- what each paper is made of that is made of several records
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  paper_id INTEGER NOT NULL REFERENCES papers ON DELETE CASCADE,
  origin INTEGER NOT NULL,      -- the paper that it came in for, which may be another one now
  step INTEGER REFERENCES steps,  -- with which it goes when that is undone
  identifiers TEXT NOT NULL CHECK (json_valid(identifiers)),    -- [[scheme, value]]
  fingerprints TEXT NOT NULL CHECK (json_valid(fingerprints)),  -- [[value, author, year]]
  sightings TEXT NOT NULL CHECK (json_valid(sightings)),        -- as in their table
  -- as in papers
  title TEXT NOT NULL,
  venue TEXT NOT NULL,
  date TEXT NOT NULL,
  type TEXT NOT NULL,
  standing INTEGER NOT NULL,
  fields TEXT NOT NULL CHECK (json_valid(fields)),
  versions TEXT CHECK (versions IS NULL OR json_valid(versions)),
  authors TEXT NOT NULL CHECK (json_valid(authors)),
  author_count INTEGER,
  abstract TEXT NOT NULL,
  links TEXT NOT NULL CHECK (json_valid(links)),
  categories TEXT NOT NULL CHECK (json_valid(categories)),
  organization TEXT NOT NULL,
  extra TEXT NOT NULL CHECK (json_valid(extra)),
  retractions TEXT NOT NULL CHECK (json_valid(retractions))
) STRICT
;;
CREATE INDEX records_paper ON records (paper_id)
;;
CREATE INDEX records_step ON records (step) WHERE step IS NOT NULL
;;
CREATE TABLE apart (            -- papers of which the owner said that they are different
  one INTEGER NOT NULL REFERENCES papers ON DELETE CASCADE,
  other INTEGER NOT NULL REFERENCES papers ON DELETE CASCADE,
  PRIMARY KEY (one, other),
  CHECK (one < other)
) STRICT, WITHOUT ROWID
;;
CREATE INDEX apart_other ON apart (other)
;;
CREATE TABLE folded (           -- the numbers of papers that are others now
  id INTEGER PRIMARY KEY,
  paper_id INTEGER NOT NULL REFERENCES papers ON DELETE CASCADE
) STRICT
;;
CREATE INDEX folded_paper ON folded (paper_id)
"""

_LEANINGS = """
-- Append-only: what the owner says of authors, terms and the like. Of each the newest row of a step
-- that still stands holds, if no reset is newer, after which nothing before it counts.
CREATE TABLE leanings (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  step INTEGER NOT NULL REFERENCES steps,
  kind TEXT NOT NULL
    CHECK (kind IN ('author', 'category', 'venue', 'term', 'interest', 'reset')),
  name TEXT NOT NULL CHECK ((name = '') = (kind = 'reset')),
  stance INTEGER NOT NULL CHECK (stance IN (-1, 0, 1))  -- muted, neither, pinned
) STRICT
;;
CREATE INDEX leanings_step ON leanings (step)
"""


def migrate(connection: sqlite3.Connection) -> int:
    """Bring the schema up to date inside the caller's transaction; the number of its steps."""
    db = Database(connection, execute_plugins=False)
    migrations.apply(db)
    return len(migrations.applied(db))
