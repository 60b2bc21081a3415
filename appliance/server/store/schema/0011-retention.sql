-- Sessions of which everything is kept for ever, whatever the site's settings say.
CREATE TABLE keptSession (
  lsid TEXT PRIMARY KEY REFERENCES session (lsid) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- What the site keeps no longer. Written together with the row of the audit log, before any file
-- goes; `isDone` once the files are gone, so that a deletion which was cut short is finished.
-- `keepDays` is NULL where the disk needed the room.
CREATE TABLE purge (
  lsid TEXT NOT NULL REFERENCES session (lsid) ON DELETE CASCADE,
  kind TEXT NOT NULL CHECK (kind IN ('recordings', 'snapshots')),
  at INTEGER NOT NULL,
  keepDays INTEGER,
  isDone INTEGER NOT NULL CHECK (isDone IN (0, 1)),
  PRIMARY KEY (lsid, kind)
) STRICT, WITHOUT ROWID;
CREATE INDEX purgeUnfinished ON purge (lsid) WHERE isDone = 0;
