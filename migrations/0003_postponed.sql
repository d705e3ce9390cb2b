-- Sessions of which a batch could not be moved, or something could not be removed, and when (epoch ms): they come after the others,
-- so that some that always fail hold up none.
CREATE TABLE IF NOT EXISTS postponed (
  session_id TEXT PRIMARY KEY,
  at INTEGER NOT NULL
) WITHOUT ROWID;
