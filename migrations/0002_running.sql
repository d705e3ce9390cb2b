-- What is begun and not finished. Unlike the index it cannot be made anew: `reset` leaves it alone.

-- Acknowledged batches that the hot store could not take; moved there once it answers.
CREATE TABLE IF NOT EXISTS events (
  session_id TEXT NOT NULL,
  page_id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  -- Epoch ms.
  received_at INTEGER NOT NULL,
  accepted INTEGER NOT NULL,
  rejected INTEGER NOT NULL,
  -- The batch as it was judged, and its arrival, as JSON.
  batch TEXT NOT NULL,
  PRIMARY KEY (session_id, page_id, seq)
) WITHOUT ROWID;

-- Ids of hot sessions, where the hot store itself cannot be asked for them: Durable Objects cannot be listed.
CREATE TABLE IF NOT EXISTS running (session_id TEXT PRIMARY KEY) WITHOUT ROWID;

-- Sessions marked as erased whose batches and objects are still to be removed.
CREATE TABLE IF NOT EXISTS erasing (
  session_id TEXT PRIMARY KEY,
  started_at INTEGER NOT NULL
) WITHOUT ROWID;

-- What was dropped and refused, by reason, where many processes count.
CREATE TABLE IF NOT EXISTS counter (
  reason TEXT PRIMARY KEY,
  count INTEGER NOT NULL
) WITHOUT ROWID;

-- Running sessions are few: their words are looked through, not indexed, and their row is written without an index.
CREATE INDEX IF NOT EXISTS session_running ON session (started_at, session_id) WHERE status = 'live';
DELETE FROM session_words WHERE rowid IN (SELECT id FROM session WHERE status = 'live');
