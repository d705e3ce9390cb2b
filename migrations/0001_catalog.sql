-- The index of all sessions: the same file for SQLite and D1. Everything here can be rebuilt from the objects and the hot store.
-- Every statement can be run again: two isolates may make the tables at once.
-- No index holds a column that a running session updates: on D1 each index touched is one more row written.

CREATE TABLE IF NOT EXISTS session (
  id INTEGER PRIMARY KEY,
  session_id TEXT NOT NULL,
  visitor_id TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  -- Epoch ms of the last event, or of the import: from here retention counts.
  kept_from INTEGER NOT NULL,
  ended_at INTEGER NOT NULL,
  status TEXT NOT NULL,
  -- What `q` looks in, without case; one word a line.
  words TEXT NOT NULL,
  -- SessionRecord as JSON.
  record TEXT NOT NULL
);

CREATE UNIQUE INDEX IF NOT EXISTS session_by_id ON session (session_id);
CREATE INDEX IF NOT EXISTS session_by_start ON session (started_at, session_id);
CREATE INDEX IF NOT EXISTS session_by_visitor ON session (visitor_id, started_at, session_id);
CREATE INDEX IF NOT EXISTS session_by_keeping ON session (kept_from) WHERE status = 'ended';

CREATE VIRTUAL TABLE IF NOT EXISTS session_words USING fts5 (words, content = '', contentless_delete = 1, tokenize = 'trigram');

-- Ids that were erased, so that a late batch is answered 410. The truth is the log under erasures/.
CREATE TABLE IF NOT EXISTS erased (
  session_id TEXT PRIMARY KEY,
  at INTEGER NOT NULL
) WITHOUT ROWID;

-- What is known of the index itself: `sessions`, how many it holds; `incomplete`, until it holds every object; `removed`, until words are purged.
CREATE TABLE IF NOT EXISTS catalog_state (
  name TEXT PRIMARY KEY,
  value NOT NULL
) WITHOUT ROWID;

INSERT OR IGNORE INTO catalog_state SELECT 'sessions', count(*) FROM session;

-- Counting a million rows for each page of the list would be most of its time. One line each: statements end with the line.
CREATE TRIGGER IF NOT EXISTS session_added AFTER INSERT ON session BEGIN UPDATE catalog_state SET value = value + 1 WHERE name = 'sessions'; END;
CREATE TRIGGER IF NOT EXISTS session_removed AFTER DELETE ON session BEGIN UPDATE catalog_state SET value = value - 1 WHERE name = 'sessions'; END;
