import { expect, test } from "vitest";
import { isCopied, isKept, isTaken } from "../../../../appliance/server/backup/places.ts";

const places = {
  dataDirectory: "/data",
  recordingsDirectory: "/data/recordings",
  backupsDirectory: "/data/backups",
};

test("what the file system itself has among the data stays, and is in no backup", () => {
  expect(isKept("lost+found", places)).toBe(true);
  expect(isCopied("lost+found", places)).toBe(false);
  expect(isTaken("lost+found", places)).toBe(false);
  expect(isCopied("config", places)).toBe(true);
});
