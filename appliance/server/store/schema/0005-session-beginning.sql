-- Lists have sessions in the order in which they began, not in which their keys were made.
DROP INDEX sessionByCreation;
CREATE INDEX sessionByBeginning ON session (COALESCE(acceptedAt, waitingSince));
