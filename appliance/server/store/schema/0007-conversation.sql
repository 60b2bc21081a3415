-- A line of chat that offers a page has its address here.
ALTER TABLE chat ADD COLUMN url TEXT;

-- What administrators define for all sessions: canned messages, fields, questions of the surveys.
-- `body` is JSON, as its kind has it. In the order in which they were made.
CREATE TABLE definition (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  name TEXT NOT NULL COLLATE NOCASE,
  body TEXT NOT NULL,
  UNIQUE (kind, name)
) STRICT;

-- JSON: external key and custom fields, each with its name as it was.
ALTER TABLE session ADD COLUMN fields TEXT NOT NULL DEFAULT '[]';

-- `byId` is empty for the customer. `answers` is JSON, each with its question as it was.
CREATE TABLE surveyAnswer (
  lsid TEXT NOT NULL REFERENCES session (lsid) ON DELETE CASCADE,
  byId TEXT NOT NULL,
  byName TEXT NOT NULL,
  answers TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (lsid, byId)
) STRICT, WITHOUT ROWID;
