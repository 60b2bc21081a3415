-- Accounts, how they prove themselves, and what the appliance keeps for itself.
-- All times are Unix ms. Passwords are argon2id strings; of every other secret only the
-- SHA-256 is stored.

CREATE TABLE representative (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL UNIQUE COLLATE NOCASE,
  displayName TEXT NOT NULL,
  role TEXT NOT NULL CHECK (role IN ('administrator', 'representative')),
  passwordHash TEXT NOT NULL,
  -- JSON: the rules of this account's policy layer.
  rules TEXT NOT NULL DEFAULT '{}',
  createdAt INTEGER NOT NULL,
  passwordChangedAt INTEGER NOT NULL,
  lastSignedInAt INTEGER,
  disabledAt INTEGER
) STRICT;

-- Failed sign-ins. `subject` is a hash of the account's name, with the address where it counts
-- for one address alone.
CREATE TABLE lockout (
  subject TEXT PRIMARY KEY,
  failures INTEGER NOT NULL,
  lastFailedAt INTEGER NOT NULL,
  lockedUntil INTEGER NOT NULL
) STRICT;

CREATE TABLE browserSession (
  tokenHash TEXT PRIMARY KEY,
  representative TEXT NOT NULL REFERENCES representative (id) ON DELETE CASCADE,
  csrf TEXT NOT NULL,
  createdAt INTEGER NOT NULL,
  lastSeenAt INTEGER NOT NULL
) STRICT;
CREATE INDEX browserSessionByRepresentative ON browserSession (representative);

-- What a console was given once; its refresh tokens are a family that falls together.
CREATE TABLE oauthGrant (
  id TEXT PRIMARY KEY,
  representative TEXT NOT NULL REFERENCES representative (id) ON DELETE CASCADE,
  kind TEXT NOT NULL CHECK (kind IN ('browser', 'device', 'console-credential')),
  createdAt INTEGER NOT NULL,
  lastUsedAt INTEGER NOT NULL,
  revokedAt INTEGER
) STRICT;
CREATE INDEX oauthGrantByRepresentative ON oauthGrant (representative);

CREATE TABLE oauthToken (
  tokenHash TEXT PRIMARY KEY,
  oauthGrant TEXT NOT NULL REFERENCES oauthGrant (id) ON DELETE CASCADE,
  kind TEXT NOT NULL CHECK (kind IN ('access', 'refresh')),
  expiresAt INTEGER NOT NULL,
  -- When a refresh token was exchanged for its successor; a second exchange is theft.
  usedAt INTEGER
) STRICT;
CREATE INDEX oauthTokenByGrant ON oauthToken (oauthGrant);
CREATE INDEX oauthTokenByExpiry ON oauthToken (expiresAt);

-- Authorization codes (RFC 6749). A code that was used keeps its grant, to revoke it on reuse.
CREATE TABLE oauthCode (
  codeHash TEXT PRIMARY KEY,
  representative TEXT NOT NULL REFERENCES representative (id) ON DELETE CASCADE,
  redirectUri TEXT NOT NULL,
  codeChallenge TEXT NOT NULL,
  expiresAt INTEGER NOT NULL,
  oauthGrant TEXT REFERENCES oauthGrant (id) ON DELETE CASCADE
) STRICT;

-- Device authorizations (RFC 8628).
CREATE TABLE deviceCode (
  deviceCodeHash TEXT PRIMARY KEY,
  userCodeHash TEXT NOT NULL UNIQUE,
  status TEXT NOT NULL CHECK (status IN ('pending', 'allowed', 'refused')),
  representative TEXT REFERENCES representative (id) ON DELETE CASCADE,
  intervalMs INTEGER NOT NULL,
  lastPolledAt INTEGER NOT NULL,
  expiresAt INTEGER NOT NULL
) STRICT;

-- What an administrator puts on consoles that sign in by themselves.
CREATE TABLE consoleCredential (
  credentialHash TEXT PRIMARY KEY,
  representative TEXT NOT NULL REFERENCES representative (id) ON DELETE CASCADE,
  createdAt INTEGER NOT NULL,
  lastUsedAt INTEGER,
  revokedAt INTEGER
) STRICT;

-- Named values of the appliance itself: TLS ticket keys, the hash of the set-up code.
CREATE TABLE applianceValue (
  name TEXT PRIMARY KEY,
  value BLOB NOT NULL
) STRICT;
