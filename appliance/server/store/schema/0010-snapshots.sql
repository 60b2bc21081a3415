-- Where the snapshot of the customer's computer stands that is kept of a session's start.
ALTER TABLE session ADD COLUMN snapshot TEXT NOT NULL DEFAULT 'none'
  CHECK (snapshot IN ('none', 'taken', 'refused', 'failed'));
