-- Canned scripts, and notes that representatives keep with sessions. All times are Unix ms.

-- `document` is the whole text: what is said of the script, then the script. `sha256` is the
-- document's, hex. `revision` counts savings from 1, so that nobody overwrites what they have not
-- seen.
CREATE TABLE script (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL UNIQUE COLLATE NOCASE,
  document TEXT NOT NULL,
  revision INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  savedAt INTEGER NOT NULL,
  savedBy TEXT NOT NULL
) STRICT;

CREATE TABLE sessionNote (
  id INTEGER PRIMARY KEY,
  lsid TEXT NOT NULL REFERENCES session (lsid) ON DELETE CASCADE,
  author TEXT NOT NULL,
  authorId TEXT NOT NULL,
  title TEXT NOT NULL,
  text TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT;
CREATE INDEX sessionNoteBySession ON sessionNote (lsid, id);

-- Whether an account that is no administrator may change canned scripts.
ALTER TABLE representative
  ADD COLUMN editsScripts INTEGER NOT NULL DEFAULT 0 CHECK (editsScripts IN (0, 1));
