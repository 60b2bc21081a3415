-- Names of teams that are no more, for the sessions of the past that waited in their queues.
CREATE TABLE formerTeam (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL
) STRICT;
