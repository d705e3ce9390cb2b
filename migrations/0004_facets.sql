-- What a list is narrowed and ordered by, of sessions that have ended: running ones are few and looked at one by one.

CREATE TABLE IF NOT EXISTS session_facts (
  -- 2048 times the session's start (epoch ms), and its place among those of the same ms: in the order of a list.
  id INTEGER PRIMARY KEY,
  session_id TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  kept_from INTEGER NOT NULL,
  duration INTEGER NOT NULL,
  active_ms INTEGER NOT NULL,
  page_count INTEGER NOT NULL,
  event_count INTEGER NOT NULL,
  click_count INTEGER NOT NULL,
  error_count INTEGER NOT NULL,
  engagement_score INTEGER NOT NULL,
  worth INTEGER NOT NULL
);

CREATE UNIQUE INDEX IF NOT EXISTS session_facts_by_session ON session_facts (session_id);

-- Hashes of what a session is found by, see server/facets.ts; the row ids are those of session_facts.
CREATE VIRTUAL TABLE IF NOT EXISTS session_facets USING fts5 (facets, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii');

-- Whoever removes a session removes this too: on Cloudflare a statement more is a question more, of which a run has 50.
CREATE TRIGGER IF NOT EXISTS session_facts_removed AFTER DELETE ON session BEGIN DELETE FROM session_facets WHERE rowid IN (SELECT id FROM session_facts WHERE session_id = old.session_id); DELETE FROM session_facts WHERE session_id = old.session_id; END;

-- Who has watched what. The truth is under watched/.
CREATE TABLE IF NOT EXISTS watched (
  person TEXT NOT NULL,
  session_id TEXT NOT NULL,
  PRIMARY KEY (person, session_id)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS watched_by_session ON watched (session_id);
