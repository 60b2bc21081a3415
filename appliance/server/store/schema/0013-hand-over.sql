-- Who has transferred a session that waits, and the latest note kept with it (JSON).
ALTER TABLE session ADD COLUMN handOver TEXT;
