#include "node/store/schema.h"

#include <array>
#include <string>

namespace yishi::store {

const char* const kIdentitySchema = R"sql(
CREATE TABLE identity (
  only INTEGER PRIMARY KEY CHECK (only = 1),
  network BLOB NOT NULL,
  suite INTEGER NOT NULL,
  unit TEXT NOT NULL,
  incarnation BLOB NOT NULL,
  created_ms INTEGER NOT NULL
) STRICT;
)sql";

namespace {

constexpr const char* kStep1 = R"sql(
-- What was taken in: the truth.
CREATE TABLE log (
  number INTEGER PRIMARY KEY,
  id BLOB NOT NULL UNIQUE,
  head_sequence INTEGER NOT NULL DEFAULT 0,
  head_digest BLOB NOT NULL DEFAULT x'',
  head_ms INTEGER NOT NULL DEFAULT 0,
  topology INTEGER NOT NULL DEFAULT 0,
  records INTEGER NOT NULL DEFAULT 0,
  quarantine TEXT NOT NULL DEFAULT '',
  quarantine_at INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE entry_row (
  position INTEGER PRIMARY KEY,
  log INTEGER NOT NULL REFERENCES log,
  first INTEGER NOT NULL,
  last INTEGER NOT NULL,
  records INTEGER NOT NULL,
  time_ms INTEGER NOT NULL,
  source INTEGER NOT NULL,
  run BLOB NOT NULL
) STRICT;
CREATE INDEX entry_row_log ON entry_row (log, last, first);
-- SQLite looks at a partial index's condition again: what it names is in the index too.
CREATE INDEX entry_row_upward
  ON entry_row (position, source, records, time_ms) WHERE source < 2;

-- The rows of the topology log once more: without it a node knows no neighbour to ask.
CREATE TABLE topology_row (
  position INTEGER PRIMARY KEY,
  run BLOB NOT NULL
) STRICT;

-- Rows whose bytes went bad on this disk. Until they are mended their run is empty.
CREATE TABLE damage (
  position INTEGER PRIMARY KEY,
  rule TEXT NOT NULL,
  zh TEXT NOT NULL,
  en TEXT NOT NULL,
  found_ms INTEGER NOT NULL,
  mended_ms INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE fork (
  log BLOB NOT NULL,
  sequence INTEGER NOT NULL,
  header_a BLOB NOT NULL,
  signature_a BLOB NOT NULL,
  header_b BLOB NOT NULL,
  signature_b BLOB NOT NULL,
  PRIMARY KEY (log, sequence)
) STRICT, WITHOUT ROWID;

CREATE TABLE private_record (
  digest BLOB PRIMARY KEY,
  bytes BLOB NOT NULL
) STRICT;

-- What is known of the neighbours and the nodes below.
CREATE TABLE link (
  neighbour TEXT PRIMARY KEY,
  incarnation BLOB NOT NULL,
  position INTEGER NOT NULL,
  acknowledged INTEGER NOT NULL,
  acknowledged_ms INTEGER NOT NULL,
  receipt BLOB NOT NULL,
  lacking BLOB NOT NULL,
  lacked BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE want (
  log BLOB NOT NULL,
  from_sequence INTEGER NOT NULL,
  issue TEXT NOT NULL,
  neighbour TEXT NOT NULL,
  upto INTEGER NOT NULL,
  PRIMARY KEY (log, from_sequence, issue)
) STRICT, WITHOUT ROWID;

CREATE TABLE contact (
  unit TEXT PRIMARY KEY,
  contact_ms INTEGER NOT NULL,
  head INTEGER NOT NULL,
  waiting INTEGER NOT NULL,
  software TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE refusal (
  number INTEGER PRIMARY KEY,
  time_ms INTEGER NOT NULL,
  peer TEXT NOT NULL,
  rule TEXT NOT NULL,
  field TEXT NOT NULL,
  zh TEXT NOT NULL,
  en TEXT NOT NULL
) STRICT;

CREATE TABLE named_value (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- The last number given to an issue by each node that a unit has had.
CREATE TABLE numbering (
  unit TEXT NOT NULL,
  year INTEGER NOT NULL,
  incarnation INTEGER NOT NULL,
  last INTEGER NOT NULL,
  PRIMARY KEY (unit, year, incarnation)
) STRICT, WITHOUT ROWID;

-- Projections: what can be derived again from the rows.
-- What a list can be filtered by, apart from places and people: few rows for many issues.
CREATE TABLE class (
  number INTEGER PRIMARY KEY,
  month TEXT NOT NULL,
  category TEXT NOT NULL,
  stage TEXT NOT NULL,
  ended INTEGER NOT NULL,
  climbed INTEGER NOT NULL,
  UNIQUE (month, category, stage, ended, climbed)
) STRICT;

CREATE TABLE issue (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  id_unit TEXT NOT NULL,
  id_year INTEGER NOT NULL,
  id_number INTEGER NOT NULL,
  transitions INTEGER NOT NULL,
  waiting INTEGER NOT NULL,
  changed INTEGER NOT NULL,
  home TEXT NOT NULL,
  holder TEXT NOT NULL,
  class INTEGER NOT NULL,
  ended INTEGER NOT NULL,
  state BLOB NOT NULL
) STRICT;

CREATE TABLE fact (
  issue INTEGER NOT NULL,
  digest BLOB NOT NULL,
  author INTEGER NOT NULL,
  position INTEGER NOT NULL,
  sequence INTEGER NOT NULL,
  place INTEGER NOT NULL,
  effect INTEGER NOT NULL,
  rule TEXT NOT NULL,
  field TEXT NOT NULL,
  zh TEXT NOT NULL,
  en TEXT NOT NULL,
  PRIMARY KEY (issue, digest, author)
) STRICT, WITHOUT ROWID;

CREATE TABLE touch (
  position INTEGER NOT NULL,
  unit TEXT NOT NULL,
  PRIMARY KEY (position, unit)
) STRICT, WITHOUT ROWID;

CREATE TABLE cell (
  month TEXT NOT NULL,
  unit TEXT NOT NULL,
  category TEXT NOT NULL,
  stage TEXT NOT NULL,
  issues INTEGER NOT NULL,
  budget_fen INTEGER NOT NULL,
  climbed INTEGER NOT NULL,
  PRIMARY KEY (month, unit, category, stage)
) STRICT, WITHOUT ROWID;

CREATE TABLE escalation_cell (
  month TEXT NOT NULL,
  unit TEXT NOT NULL,
  reason TEXT NOT NULL,
  climbs INTEGER NOT NULL,
  PRIMARY KEY (month, unit, reason)
) STRICT, WITHOUT ROWID;

-- Words are cut by bigrams() before they come here; this tokenizer only splits at blanks.
CREATE VIRTUAL TABLE search
  USING fts5 (words, content = '', columnsize = 0, detail = none, tokenize = 'ascii');
CREATE VIRTUAL TABLE search_words USING fts5vocab (search, instance);
)sql";

// What goes down is counted by itself: a fact that had to wait is news when its turn comes, and
// its row lies behind the cursors of those below by then. Rows of before get numbers that no
// cursor has passed which had not passed their position.
constexpr const char* kStep2 = R"sql(
ALTER TABLE touch RENAME TO touch_1;
CREATE TABLE touch (
  news INTEGER PRIMARY KEY,
  position INTEGER NOT NULL,
  unit TEXT NOT NULL
) STRICT;
INSERT INTO touch
  SELECT n + max(position - n) OVER (ORDER BY n), position, unit
  FROM (SELECT row_number() OVER (ORDER BY position, unit) AS n, position, unit FROM touch_1)
  ORDER BY n;
DROP TABLE touch_1;
)sql";

// All figures in one table: what an issue counts for (tally.h), summed by home and month. Month 0
// stands for all months, an empty unit for the whole store. Sessions are kept one by one, for
// several issues may speak of one. Issues are folded again: their states say more now.
constexpr const char* kStep3 = R"sql(
DROP TABLE cell;
DROP TABLE escalation_cell;
CREATE TABLE figure (
  number INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE figure_cell (
  month INTEGER NOT NULL,
  unit TEXT NOT NULL,
  figure INTEGER NOT NULL,
  amount INTEGER NOT NULL,
  PRIMARY KEY (month, unit, figure)
) STRICT, WITHOUT ROWID;

CREATE TABLE sitting (
  unit TEXT NOT NULL,
  held_ms INTEGER NOT NULL,
  place TEXT NOT NULL,
  form TEXT NOT NULL,
  alone TEXT NOT NULL,
  people INTEGER NOT NULL,
  issue INTEGER NOT NULL,
  times INTEGER NOT NULL,
  PRIMARY KEY (unit, held_ms, place, form, alone, people, issue)
) STRICT, WITHOUT ROWID;

CREATE TABLE imported (
  home TEXT NOT NULL,
  key TEXT NOT NULL,
  issue TEXT NOT NULL,
  PRIMARY KEY (home, key, issue)
) STRICT, WITHOUT ROWID;
INSERT OR REPLACE INTO named_value SELECT 'projections.due', '1' WHERE EXISTS (SELECT 1 FROM issue);
)sql";

// When the timer of an issue goes off here, and which issue it follows or answers.
constexpr const char* kStep4 = R"sql(
ALTER TABLE issue ADD COLUMN due INTEGER NOT NULL DEFAULT 0;
ALTER TABLE issue ADD COLUMN round_of TEXT NOT NULL DEFAULT '';
ALTER TABLE issue ADD COLUMN answers TEXT NOT NULL DEFAULT '';
INSERT OR REPLACE INTO named_value SELECT 'projections.due', '1' WHERE EXISTS (SELECT 1 FROM issue);
)sql";
constexpr std::int64_t kWithLinks = 4;  // the first version whose issues have these

// Registers: entries, the records about them, and what entries point at.
constexpr const char* kStep5 = R"sql(
CREATE TABLE register_entry (
  number INTEGER PRIMARY KEY,
  register TEXT NOT NULL,
  unit TEXT NOT NULL,
  key TEXT NOT NULL,
  fact INTEGER NOT NULL,
  withdrawn INTEGER NOT NULL,
  UNIQUE (register, unit, key)
) STRICT;
CREATE TABLE register_fact (
  number INTEGER PRIMARY KEY,
  entry INTEGER NOT NULL,
  digest BLOB NOT NULL,
  author INTEGER NOT NULL,
  position INTEGER NOT NULL,
  sequence INTEGER NOT NULL,
  place INTEGER NOT NULL,
  time_ms INTEGER NOT NULL,
  topology INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  withdrawn INTEGER NOT NULL,
  body BLOB NOT NULL,
  rule TEXT NOT NULL,
  zh TEXT NOT NULL,
  en TEXT NOT NULL,
  UNIQUE (entry, digest, author)
) STRICT;
CREATE INDEX register_fact_digest ON register_fact (digest);
CREATE INDEX register_fact_author ON register_fact (author, sequence);
CREATE TABLE register_reference (
  register TEXT NOT NULL,
  unit TEXT NOT NULL,
  key TEXT NOT NULL,
  entry INTEGER NOT NULL,
  PRIMARY KEY (register, unit, key, entry)
) STRICT, WITHOUT ROWID;
CREATE INDEX register_reference_entry ON register_reference (entry);
-- Records that an older version kept without knowing them: everything is derived again.
INSERT OR REPLACE INTO named_value
  SELECT 'projections.due', '1' WHERE EXISTS (SELECT 1 FROM entry_row);
)sql";

// What commands with a key of their asker's led to (answered.h).
constexpr const char* kStep6 = R"sql(
CREATE TABLE answered (
  number INTEGER PRIMARY KEY,
  key BLOB NOT NULL UNIQUE,
  request BLOB NOT NULL,
  time_ms INTEGER NOT NULL,
  answer BLOB NOT NULL
) STRICT;
)sql";

// Issues count for more: who was asked whether they are satisfied, and who is.
constexpr const char* kStep7 = R"sql(
INSERT OR REPLACE INTO named_value SELECT 'projections.due', '1' WHERE EXISTS (SELECT 1 FROM issue);
)sql";

constexpr std::array<const char*, kSchemaVersion> kSteps = {kStep1, kStep2, kStep3, kStep4,
                                                            kStep5, kStep6, kStep7};

}  // namespace

// Each holds all that its lists look at, so that what does not match is never loaded.
const char* const kIssueIndexes = R"sql(
CREATE INDEX issue_numbering ON issue (id_unit, id_year, id_number);
CREATE INDEX issue_changed ON issue (changed, class);
CREATE INDEX issue_class ON issue (class, changed);
CREATE INDEX issue_home ON issue (home, changed, class);
CREATE INDEX issue_holder ON issue (holder, ended, changed, class, home);
CREATE INDEX issue_due ON issue (due) WHERE due > 0;
CREATE INDEX issue_round ON issue (round_of) WHERE round_of > '';
CREATE INDEX issue_answers ON issue (answers) WHERE answers > '';
)sql";

// Those of them that tables from before kWithLinks lack.
const char* const kLinkIndexes = R"sql(
CREATE INDEX issue_due ON issue (due) WHERE due > 0;
CREATE INDEX issue_round ON issue (round_of) WHERE round_of > '';
CREATE INDEX issue_answers ON issue (answers) WHERE answers > '';
)sql";

std::span<const char* const> schema_steps() { return kSteps; }

bool migrate(Connection& connection, std::int64_t from) {
  YISHI_ASSERT(from >= 0 && from <= kSchemaVersion);
  for (const char* step : schema_steps().subspan(static_cast<std::size_t>(from))) {
    if (!connection.execute(step)) return false;
  }
  if (from == 0 && !connection.execute(kIssueIndexes)) return false;
  if (from > 0 && from < kWithLinks && !connection.execute(kLinkIndexes)) return false;
  const std::string version = "PRAGMA user_version = " + std::to_string(kSchemaVersion);
  return connection.execute(version.c_str());
}

}  // namespace yishi::store
