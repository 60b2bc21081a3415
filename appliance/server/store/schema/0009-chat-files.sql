-- A line of chat that announces a file has its name, size and hash here, as JSON.
ALTER TABLE chat ADD COLUMN file TEXT;
