-- A session whose customer's computer restarts: SHA-256 in hex of the secret with which its client
-- comes back, once, and until when, Unix ms.
ALTER TABLE session ADD COLUMN returnHash TEXT;
ALTER TABLE session ADD COLUMN returnUntil INTEGER;
CREATE UNIQUE INDEX sessionByReturn ON session (returnHash) WHERE returnHash IS NOT NULL;
