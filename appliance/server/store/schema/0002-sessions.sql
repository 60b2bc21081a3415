-- Sessions, what was said in them, and the audit log, of which the events of sessions are rows.
-- All times are Unix ms.

CREATE TABLE team (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL UNIQUE COLLATE NOCASE
) STRICT;

CREATE TABLE teamMember (
  team TEXT NOT NULL REFERENCES team (id) ON DELETE CASCADE,
  representative TEXT NOT NULL REFERENCES representative (id) ON DELETE CASCADE,
  PRIMARY KEY (team, representative)
) STRICT, WITHOUT ROWID;

-- `phase` is finer than the state that people see: `key` while nobody has used the key, `joining`
-- until the customer's client has arrived, and `waitingSince` is 0 so long. `sessionKey` is erased as soon as it has no use left.
-- Names are kept as they were, whatever becomes of the accounts.
CREATE TABLE session (
  lsid TEXT PRIMARY KEY,
  phase TEXT NOT NULL CHECK (phase IN ('key', 'joining', 'waiting', 'active', 'ended')),
  queue TEXT NOT NULL,
  originalQueue TEXT NOT NULL,
  madeBy TEXT NOT NULL,
  madeByName TEXT NOT NULL,
  sessionKey TEXT,
  keyExpiresAt INTEGER NOT NULL,
  ticketHash TEXT UNIQUE,
  -- JSON: what the customer's computer said of itself.
  customer TEXT NOT NULL,
  createdAt INTEGER NOT NULL,
  waitingSince INTEGER NOT NULL,
  acceptedAt INTEGER,
  orphanedAt INTEGER,
  endedAt INTEGER,
  endReason TEXT,
  -- JSON: permission → what the customer has said.
  consents TEXT NOT NULL,
  -- JSON: the representatives who take part, then those who took part before.
  participants TEXT NOT NULL,
  formerParticipants TEXT NOT NULL,
  controller TEXT,
  recording TEXT NOT NULL CHECK (recording IN ('off', 'on', 'failed')),
  hasRecording INTEGER NOT NULL CHECK (hasRecording IN (0, 1)),
  chatCount INTEGER NOT NULL
) STRICT;
CREATE INDEX sessionByCreation ON session (createdAt);
CREATE INDEX sessionUnended ON session (phase) WHERE phase <> 'ended';

-- Everyone who ever took part, for what one may look back at.
CREATE TABLE sessionParticipant (
  lsid TEXT NOT NULL REFERENCES session (lsid) ON DELETE CASCADE,
  representative TEXT NOT NULL,
  PRIMARY KEY (representative, lsid)
) STRICT, WITHOUT ROWID;

CREATE TABLE chat (
  lsid TEXT NOT NULL REFERENCES session (lsid) ON DELETE CASCADE,
  seq INTEGER NOT NULL,
  fromKind TEXT NOT NULL CHECK (fromKind IN ('customer', 'representative', 'system')),
  fromName TEXT NOT NULL,
  fromId TEXT,
  text TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (lsid, seq)
) STRICT, WITHOUT ROWID;

-- The audit log. `hash` is the SHA-256 of the previous row's hash and this row's canonical JSON.
-- The order is that of `seq`: `at` is the machine's clock, which may have been set back.
CREATE TABLE audit (
  seq INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  event TEXT NOT NULL,
  who TEXT NOT NULL,
  whoId TEXT,
  lsid TEXT,
  detail TEXT NOT NULL,
  hash BLOB NOT NULL
) STRICT;
CREATE INDEX auditBySession ON audit (lsid, seq) WHERE lsid IS NOT NULL;

CREATE TRIGGER auditIsNotChanged BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER auditIsNotShortened BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;

-- The newest row's number and hash, so that rows missing at the end are noticed.
CREATE TABLE auditHead (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  seq INTEGER NOT NULL,
  hash BLOB NOT NULL
) STRICT;
