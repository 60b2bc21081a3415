-- The second factor of an account (RFC 6238), in tables of its own: no list of accounts reads them.
CREATE TABLE secondFactor (
  representative TEXT PRIMARY KEY REFERENCES representative (id) ON DELETE CASCADE,
  secret BLOB NOT NULL,
  -- The last 30 seconds since 1970 whose code was taken: none is taken twice.
  lastStep INTEGER NOT NULL,
  turnedOnAt INTEGER NOT NULL
) STRICT;

-- What is left of the codes for whoever has lost the device, each good once.
CREATE TABLE recoveryCode (
  representative TEXT NOT NULL REFERENCES secondFactor (representative) ON DELETE CASCADE,
  codeHash TEXT NOT NULL,
  PRIMARY KEY (representative, codeHash)
) STRICT;
