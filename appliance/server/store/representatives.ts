import { randomBytes } from "node:crypto";
import {
  HandrailError,
  isRepresentativeId,
  permissions,
  type PolicyLayer,
  type RepresentativeId,
  type UnixMs,
} from "@handrail/protocol";
import { z } from "zod";
import { isDuplicate, type Store } from "./database.ts";
import { json, optional } from "./row.ts";

/** What an account may administer. An administrator also helps as a representative. */
export type AccountRole = "administrator" | "representative";

/** The rules of an account's own policy layer, as they are stored and changed. */
export const rulesShape = z.partialRecord(
  z.enum(permissions),
  z.strictObject({
    setting: z.enum(["allow", "deny", "not-defined"]),
    consent: z.enum(["always", "once", "never"]).optional(),
  }),
);

/** An account as administrators see it. `name` is what is typed at a sign-in. */
export interface Representative {
  readonly id: RepresentativeId;
  readonly name: string;
  readonly displayName: string;
  readonly role: AccountRole;
  readonly rules: PolicyLayer["rules"];
  /** May change canned scripts, also as no administrator. */
  readonly editsScripts: boolean;
  readonly createdAt: UnixMs;
  readonly passwordChangedAt: UnixMs;
  readonly lastSignedInAt: UnixMs | undefined;
  readonly disabledAt: UnixMs | undefined;
}

/** What a new account needs. `passwordHash` is an argon2id string. */
export interface NewRepresentative {
  readonly name: string;
  readonly displayName: string;
  readonly role: AccountRole;
  readonly passwordHash: string;
}

/** What may change of an account. */
export interface RepresentativeChange {
  readonly displayName?: string | undefined;
  readonly role?: AccountRole | undefined;
  readonly disabled?: boolean | undefined;
  readonly rules?: PolicyLayer["rules"] | undefined;
  readonly editsScripts?: boolean | undefined;
}

const rowShape = z.object({
  id: z.string().refine(isRepresentativeId),
  name: z.string(),
  displayName: z.string(),
  role: z.enum(["administrator", "representative"]),
  rules: json(rulesShape),
  editsScripts: z.int().transform((flag) => flag === 1),
  createdAt: z.int(),
  passwordChangedAt: z.int(),
  lastSignedInAt: optional(z.int()),
  disabledAt: optional(z.int()),
});

// A type alias, because an interface has no index signature, which Kysely asks for.
type Tables = {
  representative: {
    id: string;
    name: string;
    displayName: string;
    role: string;
    passwordHash: string;
    rules: string;
    editsScripts: number;
    createdAt: number;
    passwordChangedAt: number;
    lastSignedInAt: number | null;
    disabledAt: number | null;
  };
};

const columns = [
  "id",
  "name",
  "displayName",
  "role",
  "rules",
  "editsScripts",
  "createdAt",
  "passwordChangedAt",
  "lastSignedInAt",
  "disabledAt",
] as const;

/** The accounts of the site. Names are unique whatever their case. */
export class Representatives {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /**
   * Stores a new account and returns its id. Part of the caller's transaction.
   * @throws HandrailError `conflict` when the name is taken
   */
  add(account: NewRepresentative, now: UnixMs): RepresentativeId {
    const id = randomBytes(16).toString("hex");
    if (!isRepresentativeId(id)) throw new HandrailError("internal", "made an impossible id");
    const { name, displayName, role, passwordHash } = account;
    try {
      this.#store.raw
        .prepare(
          `INSERT INTO representative
             (id, name, displayName, role, passwordHash, createdAt, passwordChangedAt)
           VALUES (?, ?, ?, ?, ?, ?, ?)`,
        )
        .run(id, name, displayName, role, passwordHash, now, now);
      return id;
    } catch (error) {
      if (!isDuplicate(error)) throw error;
      throw new HandrailError("conflict", "the name is taken", { cause: error });
    }
  }

  /** All accounts, disabled ones too, by name. */
  async list(): Promise<Representative[]> {
    const rows = await this.#tables()
      .selectFrom("representative")
      .select(columns)
      .orderBy("name")
      .execute();
    return rows.map((row) => rowShape.parse(row));
  }

  async find(id: string): Promise<Representative | undefined> {
    return this.#findBy("id", id);
  }

  /** Upper and lower case make no difference. */
  async findByName(name: string): Promise<Representative | undefined> {
    return this.#findBy("name", name);
  }

  /** The argon2id string to check a password against. */
  async passwordHash(id: RepresentativeId): Promise<string | undefined> {
    const row = await this.#tables()
      .selectFrom("representative")
      .select("passwordHash")
      .where("id", "=", id)
      .executeTakeFirst();
    return row?.passwordHash;
  }

  /** Part of the caller's transaction. */
  setPassword(id: RepresentativeId, passwordHash: string, now: UnixMs): void {
    this.#store.raw
      .prepare("UPDATE representative SET passwordHash = ?, passwordChangedAt = ? WHERE id = ?")
      .run(passwordHash, now, id);
  }

  /** Part of the caller's transaction. */
  noteSignIn(id: RepresentativeId, now: UnixMs): void {
    this.#store.raw
      .prepare("UPDATE representative SET lastSignedInAt = ? WHERE id = ?")
      .run(now, id);
  }

  /** Whether there is any account yet. */
  isEmpty(): boolean {
    return this.#store.raw.prepare("SELECT 1 FROM representative LIMIT 1").get() === undefined;
  }

  /**
   * Changes an account. Part of the caller's transaction.
   * @throws HandrailError `not-found`; `conflict` when no enabled administrator would remain
   */
  change(id: RepresentativeId, change: RepresentativeChange, now: UnixMs): void {
    const { changes } = this.#store.raw
      .prepare(
        `UPDATE representative SET
           displayName = coalesce(:displayName, displayName),
           role = coalesce(:role, role),
           rules = coalesce(:rules, rules),
           editsScripts = coalesce(:editsScripts, editsScripts),
           disabledAt = CASE :disabled
             WHEN 1 THEN coalesce(disabledAt, :now) WHEN 0 THEN NULL ELSE disabledAt END
         WHERE id = :id`,
      )
      .run({
        id,
        now,
        displayName: change.displayName ?? null,
        role: change.role ?? null,
        rules: change.rules === undefined ? null : JSON.stringify(change.rules),
        editsScripts: change.editsScripts === undefined ? null : Number(change.editsScripts),
        disabled: change.disabled === undefined ? null : Number(change.disabled),
      });
    if (changes === 0) throw new HandrailError("not-found", "no such representative");
    if (this.#hasAdministrator()) return;
    throw new HandrailError("conflict", "the site needs one enabled administrator");
  }

  #hasAdministrator(): boolean {
    const row = this.#store.raw
      .prepare(
        "SELECT 1 FROM representative WHERE role = 'administrator' AND disabledAt IS NULL LIMIT 1",
      )
      .get();
    return row !== undefined;
  }

  async #findBy(column: "id" | "name", value: string): Promise<Representative | undefined> {
    const row = await this.#tables()
      .selectFrom("representative")
      .select(columns)
      .where(column, "=", value)
      .executeTakeFirst();
    return row && rowShape.parse(row);
  }

  #tables() {
    return this.#store.db.$extendTables<Tables>();
  }
}
