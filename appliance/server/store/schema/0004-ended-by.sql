-- Name of the representative who ended a session.
ALTER TABLE session ADD COLUMN endedBy TEXT;
