CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
CREATE TABLE "acts" (         -- append-only: each thing the owner did
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  step INTEGER NOT NULL REFERENCES steps,
  paper_id INTEGER NOT NULL REFERENCES papers ON DELETE CASCADE,
  field TEXT NOT NULL
    CHECK (field IN ('status', 'rating', 'tag', 'note', 'record', 'merge', 'split', 'apart')),
  before TEXT,
  after TEXT,
  origin INTEGER NOT NULL       -- the paper that it was done to, which may be another one now
) STRICT
;
CREATE TABLE apart (            -- papers of which the owner said that they are different
  one INTEGER NOT NULL REFERENCES papers ON DELETE CASCADE,
  other INTEGER NOT NULL REFERENCES papers ON DELETE CASCADE,
  PRIMARY KEY (one, other),
  CHECK (one < other)
) STRICT, WITHOUT ROWID
;
CREATE TABLE asked (            -- what no service knew of a paper, and when it was asked for
  paper_id INTEGER NOT NULL REFERENCES papers ON DELETE CASCADE,
  part TEXT NOT NULL,
  at TEXT NOT NULL,
  PRIMARY KEY (paper_id, part)
) STRICT, WITHOUT ROWID
;
CREATE TABLE citation_keys (    -- once given, a key stays with its paper
  key TEXT PRIMARY KEY COLLATE NOCASE CHECK (key <> ''),
  paper_id INTEGER NOT NULL REFERENCES papers ON DELETE CASCADE,
  current INTEGER NOT NULL CHECK (current IN (0, 1))  -- 0: it had this one before
) STRICT, WITHOUT ROWID
;
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
;
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
;
CREATE TABLE fingerprints (     -- the titles of all records of a paper, to know it again
  value INTEGER NOT NULL,       -- hash of the folded title
  author TEXT NOT NULL,         -- first author's family name, folded; '' unknown
  year INTEGER NOT NULL,        -- 0 unknown
  paper_id INTEGER NOT NULL REFERENCES papers ON DELETE CASCADE,
  PRIMARY KEY (value, paper_id, author, year)
) STRICT, WITHOUT ROWID
;
CREATE TABLE folded (           -- the numbers of papers that are others now
  id INTEGER PRIMARY KEY,
  paper_id INTEGER NOT NULL REFERENCES papers ON DELETE CASCADE
) STRICT
;
CREATE TABLE "identifiers" (
  scheme TEXT NOT NULL,         -- arxiv, doi, acl, ...
  value TEXT NOT NULL,
  paper_id INTEGER NOT NULL REFERENCES papers ON DELETE CASCADE,
  PRIMARY KEY (scheme, value, paper_id)
) STRICT, WITHOUT ROWID
;
CREATE TABLE internals (
  only INTEGER PRIMARY KEY CHECK (only = 1),
  revision INTEGER NOT NULL,    -- of the last change of any paper; never used again
  -- Row by row an index costs twice what it does in bulk: an import sets this inside its own
  -- transaction and fills the index itself. Whoever else writes gets the triggers.
  defer_text INTEGER NOT NULL CHECK (defer_text IN (0, 1))
) STRICT
;
CREATE TABLE leanings (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  step INTEGER NOT NULL REFERENCES steps,
  kind TEXT NOT NULL
    CHECK (kind IN ('author', 'category', 'venue', 'term', 'interest', 'reset')),
  name TEXT NOT NULL CHECK ((name = '') = (kind = 'reset')),
  stance INTEGER NOT NULL CHECK (stance IN (-1, 0, 1))  -- muted, neither, pinned
) STRICT
;
CREATE TABLE moves (            -- what it takes to undo an act that changed which records are a paper
  act INTEGER PRIMARY KEY REFERENCES acts ON DELETE CASCADE,
  was TEXT NOT NULL CHECK (json_valid(was))
) STRICT
;
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
, retractions TEXT NOT NULL  -- who took it back, and when
  DEFAULT '[]' CHECK (json_valid(retractions))) STRICT
;
CREATE VIRTUAL TABLE papers_text USING fts5 (
  title, abstract, authors,
  content = 'papers', content_rowid = 'id', tokenize = 'porter unicode61 remove_diacritics 2'
);
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
;
CREATE TABLE shown (            -- which papers were put forward as picks on which day
  paper_id INTEGER NOT NULL REFERENCES papers ON DELETE CASCADE,
  day TEXT NOT NULL,
  PRIMARY KEY (paper_id, day)
) STRICT, WITHOUT ROWID
;
CREATE TABLE sightings (        -- where and when a paper was met, with the signals of then
  paper_id INTEGER NOT NULL REFERENCES papers ON DELETE CASCADE,
  source TEXT NOT NULL,
  place TEXT NOT NULL,
  at TEXT NOT NULL,
  upvotes INTEGER,
  comments INTEGER,
  stars INTEGER, citations INTEGER,
  PRIMARY KEY (paper_id, source, place, at)
) STRICT, WITHOUT ROWID
;
CREATE TABLE steps (            -- what is done by one command or key, and undone at once
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at TEXT NOT NULL,
  what TEXT NOT NULL,
  undoes INTEGER UNIQUE REFERENCES steps
) STRICT
;
CREATE TABLE tags (
  paper_id INTEGER NOT NULL REFERENCES papers ON DELETE CASCADE,
  tag TEXT NOT NULL CHECK (tag <> ''),
  PRIMARY KEY (paper_id, tag)
) STRICT, WITHOUT ROWID
;
INSERT INTO _sqlite_migrations (id, migration_set, name, applied_at) VALUES (1, 'readlist', 'm001_initial', '2026-11-23 15:18:24.874249+00:00');
INSERT INTO _sqlite_migrations (id, migration_set, name, applied_at) VALUES (2, 'readlist', 'm002_sources', '2026-11-23 15:18:24.875824+00:00');
INSERT INTO _sqlite_migrations (id, migration_set, name, applied_at) VALUES (3, 'readlist', 'm003_records', '2026-11-23 15:18:24.880999+00:00');
INSERT INTO _sqlite_migrations (id, migration_set, name, applied_at) VALUES (4, 'readlist', 'm004_leanings', '2026-11-23 15:18:24.881535+00:00');
INSERT INTO acts (id, step, paper_id, field, before, after, origin) VALUES (1, 1, 1, 'apart', NULL, '2', 1);
INSERT INTO acts (id, step, paper_id, field, before, after, origin) VALUES (2, 2, 1, 'rating', NULL, '1', 1);
INSERT INTO acts (id, step, paper_id, field, before, after, origin) VALUES (3, 3, 2, 'status', NULL, 'skipped', 2);
INSERT INTO acts (id, step, paper_id, field, before, after, origin) VALUES (4, 7, 1, 'tag', NULL, 'llm', 1);
INSERT INTO acts (id, step, paper_id, field, before, after, origin) VALUES (5, 8, 2, 'note', NULL, 'Who wrote
this?', 2);
INSERT INTO acts (id, step, paper_id, field, before, after, origin) VALUES (6, 9, 2, 'note', 'Who wrote
this?', NULL, 2);
INSERT INTO apart (one, other) VALUES (1, 2);
INSERT INTO asked (paper_id, part, at) VALUES (2, 'abstract', '2026-11-23T09:36:00.000000Z');
INSERT INTO citation_keys (key, paper_id, current) VALUES ('ode2017rest', 1, 1);
INSERT INTO entries (paper_id, status, status_at, rating, rated_at, note, noted_at) VALUES (1, 'new', NULL, 1, '2026-11-23T09:31:00.000000Z', '', NULL);
INSERT INTO entries (paper_id, status, status_at, rating, rated_at, note, noted_at) VALUES (2, 'skipped', '2026-11-23T09:32:00.000000Z', NULL, NULL, '', '2026-11-23T09:35:00.000000Z');
INSERT INTO feeds (name, request, state, succeeded, new, total, failed, error) VALUES ('daily', '[]', '{"day": "2026-11-22"}', NULL, 0, 0, NULL, '');
INSERT INTO fingerprints (value, author, year, paper_id) VALUES (-794406514201817562, '', 2019, 1);
INSERT INTO fingerprints (value, author, year, paper_id) VALUES (-794406514201817562, 'ode', 2017, 1);
INSERT INTO fingerprints (value, author, year, paper_id) VALUES (-1408310061122928859, '', 0, 2);
INSERT INTO folded (id, paper_id) VALUES (3, 1);
INSERT INTO identifiers (scheme, value, paper_id) VALUES ('arxiv', '1706.03762', 1);
INSERT INTO identifiers (scheme, value, paper_id) VALUES ('doi', '10.1000/a', 1);
INSERT INTO identifiers (scheme, value, paper_id) VALUES ('pmid', '7', 1);
INSERT INTO internals (only, revision, defer_text) VALUES (1, 5, 0);
INSERT INTO leanings (id, step, kind, name, stance) VALUES (1, 4, 'term', 'blockchain', -1);
INSERT INTO leanings (id, step, kind, name, stance) VALUES (2, 5, 'reset', '', 0);
INSERT INTO leanings (id, step, kind, name, stance) VALUES (3, 6, 'author', 'Ann Ode', 1);
INSERT INTO moves (act, was) VALUES (1, '{}');
INSERT INTO papers (id, title, venue, date, type, standing, fields, versions, authors, author_count, abstract, links, categories, organization, extra, added, revision, retractions) VALUES (1, 'Rest is all you need', 'Annals', '2019', '', 2, '{}', '[[2,"Rest is all you need","Annals","2019","",{}],[1,"Rest Is All You Need","","2017-06-12","",{}]]', '["Ann Ode","Bo Li"]', NULL, 'We rest; it''s “enough”.', '[["code","https://a.org/x"]]', '[]', '', '{}', '2026-11-23T09:30:00.000000Z', 4, '[]');
INSERT INTO papers (id, title, venue, date, type, standing, fields, versions, authors, author_count, abstract, links, categories, organization, extra, added, revision, retractions) VALUES (2, 'An Undated Note on Sheep', '', '', '', 1, '{}', NULL, '[]', NULL, '', '[]', '[]', '', '{}', '2026-11-23T09:30:00.000000Z', 2, '[]');
INSERT INTO records (id, paper_id, origin, step, identifiers, fingerprints, sightings, title, venue, date, type, standing, fields, versions, authors, author_count, abstract, links, categories, organization, extra, retractions) VALUES (1, 1, 1, NULL, '[["arxiv","1706.03762"]]', '[[-794406514201817562,"ode",2017]]', '[["hf","","2026-11-20",3,null,null,null]]', 'Rest Is All You Need', '', '2017-06-12', '', 1, '{}', NULL, '["Ann Ode","Bo Li"]', NULL, 'We rest; it''s “enough”.', '[["code","https://a.org/x"]]', '[]', '', '{}', '[]');
INSERT INTO records (id, paper_id, origin, step, identifiers, fingerprints, sightings, title, venue, date, type, standing, fields, versions, authors, author_count, abstract, links, categories, organization, extra, retractions) VALUES (2, 1, 1, NULL, '[["arxiv","1706.03762"],["doi","10.1000/a"]]', '[[-794406514201817562,"",2019]]', '[]', 'Rest is all you need', 'Annals', '2019', '', 2, '{}', NULL, '[]', NULL, '', '[]', '[]', '', '{}', '[]');
INSERT INTO records (id, paper_id, origin, step, identifiers, fingerprints, sightings, title, venue, date, type, standing, fields, versions, authors, author_count, abstract, links, categories, organization, extra, retractions) VALUES (3, 1, 3, NULL, '[["pmid","7"]]', '[]', '[]', '', '', '', '', 1, '{}', NULL, '[]', NULL, '', '[]', '[]', '', '{}', '[]');
INSERT INTO records (id, paper_id, origin, step, identifiers, fingerprints, sightings, title, venue, date, type, standing, fields, versions, authors, author_count, abstract, links, categories, organization, extra, retractions) VALUES (4, 1, 1, NULL, '[["arxiv","1706.03762"],["pmid","7"]]', '[]', '[]', '', '', '', '', 1, '{}', NULL, '[]', NULL, '', '[]', '[]', '', '{}', '[]');
INSERT INTO shown (paper_id, day) VALUES (1, '2026-11-23');
INSERT INTO sightings (paper_id, source, place, at, upvotes, comments, stars, citations) VALUES (1, 'hf', '', '2026-11-20', 3, NULL, NULL, NULL);
INSERT INTO steps (id, at, what, undoes) VALUES (1, '2026-11-23T09:31:00.000000Z', 'set apart', NULL);
INSERT INTO steps (id, at, what, undoes) VALUES (2, '2026-11-23T09:31:00.000000Z', 'liked', NULL);
INSERT INTO steps (id, at, what, undoes) VALUES (3, '2026-11-23T09:32:00.000000Z', 'skipped', NULL);
INSERT INTO steps (id, at, what, undoes) VALUES (4, '2026-11-23T09:32:00.000000Z', 'muted', NULL);
INSERT INTO steps (id, at, what, undoes) VALUES (5, '2026-11-23T09:32:00.000000Z', 'reset', NULL);
INSERT INTO steps (id, at, what, undoes) VALUES (6, '2026-11-23T09:32:00.000000Z', 'pinned', NULL);
INSERT INTO steps (id, at, what, undoes) VALUES (7, '2026-11-23T09:33:00.000000Z', 'tagged #llm', NULL);
INSERT INTO steps (id, at, what, undoes) VALUES (8, '2026-11-23T09:34:00.000000Z', 'noted', NULL);
INSERT INTO steps (id, at, what, undoes) VALUES (9, '2026-11-23T09:35:00.000000Z', 'undo noted', 8);
INSERT INTO tags (paper_id, tag) VALUES (1, 'llm');
INSERT INTO papers_text (papers_text) VALUES ('rebuild');
CREATE INDEX acts_paper ON acts (paper_id)
;
CREATE INDEX acts_step ON acts (step)
;
CREATE INDEX apart_other ON apart (other)
;
CREATE UNIQUE INDEX citation_keys_current ON citation_keys (paper_id) WHERE current
;
CREATE INDEX citation_keys_paper ON citation_keys (paper_id)
;
CREATE INDEX fingerprints_paper ON fingerprints (paper_id)
;
CREATE INDEX folded_paper ON folded (paper_id)
;
CREATE INDEX identifiers_paper ON identifiers (paper_id)
;
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");
CREATE INDEX leanings_step ON leanings (step)
;
CREATE INDEX papers_date ON papers (date)
;
CREATE UNIQUE INDEX papers_revision ON papers (revision)
;
CREATE INDEX records_paper ON records (paper_id)
;
CREATE INDEX records_step ON records (step) WHERE step IS NOT NULL
;
CREATE INDEX steps_at ON steps (at)
;
CREATE INDEX tags_tag ON tags (tag)
;
CREATE TRIGGER papers_text_delete AFTER DELETE ON papers BEGIN
  INSERT INTO papers_text (papers_text, rowid, title, abstract, authors)
  VALUES ('delete', old.id, old.title, old.abstract, old.authors);
END;
CREATE TRIGGER papers_text_insert AFTER INSERT ON papers
WHEN (SELECT defer_text FROM internals) = 0 BEGIN
  INSERT INTO papers_text (rowid, title, abstract, authors)
  VALUES (new.id, new.title, new.abstract, new.authors);
END;
CREATE TRIGGER papers_text_update AFTER UPDATE OF title, abstract, authors ON papers
WHEN old.title <> new.title OR old.abstract <> new.abstract OR old.authors <> new.authors BEGIN
  INSERT INTO papers_text (papers_text, rowid, title, abstract, authors)
  VALUES ('delete', old.id, old.title, old.abstract, old.authors);
  INSERT INTO papers_text (rowid, title, abstract, authors)
  VALUES (new.id, new.title, new.abstract, new.authors);
END;
CREATE VIEW reading_list AS
SELECT p.id, k.key, p.title, p.authors, p.date, p.venue, coalesce(e.status, 'new') AS status,
  e.rating, (SELECT group_concat(tag, ' ') FROM tags t WHERE t.paper_id = p.id) AS tags,
  coalesce(e.note, '') AS note, p.abstract, p.added
FROM papers p
LEFT JOIN entries e ON e.paper_id = p.id
LEFT JOIN citation_keys k ON k.paper_id = p.id AND k.current;
PRAGMA user_version = 4;
PRAGMA application_id = 1380733780;
