import type { RepresentativeId, UnixMs } from "@handrail/protocol";
import { z } from "zod";
import type { Store } from "./database.ts";

/** A signed-in browser, without its secret. */
export interface StoredBrowserSession {
  readonly representative: string;
  readonly csrf: string;
  readonly lastSeenAt: UnixMs;
}

/** The signed-in browsers. `tokenHash` is the SHA-256 of what the cookie holds. */
export interface BrowserSessionStore {
  add(
    session: { tokenHash: string; representative: RepresentativeId; csrf: string },
    now: UnixMs,
  ): void;
  find(tokenHash: string): StoredBrowserSession | undefined;
  touch(tokenHash: string, now: UnixMs): void;
  remove(tokenHash: string): void;
  removeAllOf(representative: RepresentativeId): void;
  /** Forgets those not seen since then. */
  purge(notSeenSince: UnixMs): void;
}

const rowShape = z.object({ representative: z.string(), csrf: z.string(), lastSeenAt: z.int() });

/** The signed-in browsers kept in this database. */
export function browserSessionStore({ raw }: Store): BrowserSessionStore {
  const find = raw.prepare(
    "SELECT representative, csrf, lastSeenAt FROM browserSession WHERE tokenHash = ?",
  );
  const add = raw.prepare(
    `INSERT INTO browserSession (tokenHash, representative, csrf, createdAt, lastSeenAt)
     VALUES (?, ?, ?, ?, ?)`,
  );
  const touch = raw.prepare("UPDATE browserSession SET lastSeenAt = ? WHERE tokenHash = ?");
  const remove = raw.prepare("DELETE FROM browserSession WHERE tokenHash = ?");
  const removeAllOf = raw.prepare("DELETE FROM browserSession WHERE representative = ?");
  const purge = raw.prepare("DELETE FROM browserSession WHERE lastSeenAt < ?");
  return {
    find(tokenHash) {
      const row = find.get(tokenHash);
      return row && rowShape.parse(row);
    },
    add: ({ tokenHash, representative, csrf }, now) =>
      void add.run(tokenHash, representative, csrf, now, now),
    touch: (tokenHash, now) => void touch.run(now, tokenHash),
    remove: (tokenHash) => void remove.run(tokenHash),
    removeAllOf: (representative) => void removeAllOf.run(representative),
    purge: (notSeenSince) => void purge.run(notSeenSince),
  };
}
