import {
  externalKeyField,
  type FieldDefinition,
  type FieldValue,
  fieldKinds,
  HandrailError,
  type Lsid,
  maxFieldLength,
  oneLine,
  type RepresentativeId,
} from "@handrail/protocol";
import { z } from "zod";
import type { Account } from "../auth/account.ts";
import type { SessionRecord } from "../store/sessions.ts";
import type { AuditedKind, Definitions } from "./definitions.ts";
import type { LiveSession } from "./live-session.ts";
import type { SessionSite } from "./session.ts";

const line = (max: number) => z.string().overwrite(oneLine).max(max);

const shape = z
  .strictObject({
    name: line(100).min(1, "a name is needed"),
    kind: z.enum(fieldKinds),
    /** Of a choice; of a text there are none. */
    choices: z.array(line(maxFieldLength).min(1)).max(100),
    isRequired: z.boolean(),
  })
  .refine(({ kind, choices }) => kind === "text" || choices.length > 0, {
    path: ["choices"],
    message: "there has to be something to choose from",
  });

/** A field of sessions, as an administrator has defined it. */
export type FieldBody = Omit<FieldDefinition, "id">;

/** Fields that representatives fill in for a session. */
export const fieldKind: AuditedKind<FieldBody> = {
  kind: "field",
  shape,
  nameOf: ({ name }) => name,
  limit: 30,
  events: { added: "field.added", changed: "field.changed", removed: "field.removed" },
};

/** What the fields of sessions rest on. */
export interface SessionFieldsOptions {
  readonly site: SessionSite;
  readonly live: ReadonlyMap<Lsid, LiveSession>;
  readonly definitions: Definitions<FieldBody>;
}

/** External key and custom fields of sessions, of those that are over as well. */
export class SessionFields {
  readonly #options: SessionFieldsOptions;

  constructor(options: SessionFieldsOptions) {
    this.#options = options;
  }

  /** What there is to be filled in, the external key first. */
  list(): FieldDefinition[] {
    const defined = this.#options.definitions.list().map(({ id, body }) => ({ ...body, id }));
    return [
      { id: externalKeyField, name: "", kind: "text", choices: [], isRequired: false },
      ...defined,
    ];
  }

  /**
   * Fills fields in; what is not named stays. Whoever may read the session has been asked for before.
   * @throws HandrailError `bad-request`, `not-permitted` for observers, `disk-full`
   */
  async set(
    id: RepresentativeId,
    lsid: Lsid,
    wanted: readonly Pick<FieldValue, "id" | "value">[],
  ): Promise<void> {
    const { live, site } = this.#options;
    const given = wanted.map((each) => this.#checked(each));
    const session = live.get(lsid);
    const account = await site.account(id);
    if (!account) throw new HandrailError("not-permitted", "the account is disabled");
    if (!session) return this.#setPast(account, lsid, given);
    if (session.core.roleOf(id) !== "representative") {
      throw new HandrailError("not-permitted", "an observer only watches");
    }
    await session.core.turn(() =>
      session.core.commit(
        { event: "fields.filled-in", by: account, detail: { fields: namesOf(given) } },
        (record) => ({ fields: merged(record.fields, given) }),
      ),
    );
  }

  async #setPast(account: Account, lsid: Lsid, given: readonly FieldValue[]): Promise<void> {
    const { sessions, audit } = this.#options.site;
    audit.flush();
    const record: SessionRecord | undefined = sessions.read(lsid);
    if (!record) throw new HandrailError("not-found", "no such session");
    const members = [...record.participants, ...record.formerParticipants];
    if (!members.some((each) => each.id === account.id && !each.observer)) {
      throw new HandrailError("not-permitted", "an observer only watches");
    }
    const { displayName: who, id: whoId } = account;
    const detail = { fields: namesOf(given) };
    await audit.append(
      { event: "fields.filled-in", who, whoId, lsid, detail },
      { also: () => sessions.save({ ...record, fields: merged(record.fields, given) }) },
    );
  }

  /** The value with the field's name as it is now. */
  #checked({ id, value }: Pick<FieldValue, "id" | "value">): FieldValue {
    const field = this.list().find((each) => each.id === id);
    if (!field) throw new HandrailError("bad-request", "no such field");
    if (field.kind === "choice" && value !== "" && !field.choices.includes(value)) {
      throw new HandrailError("bad-request", "not among the choices");
    }
    return { id, name: field.name, value };
  }
}

/** Those that hold nothing are left out. */
function merged(before: readonly FieldValue[], given: readonly FieldValue[]): FieldValue[] {
  const kept = before.filter(({ id }) => !given.some((each) => each.id === id));
  return [...kept, ...given].filter(({ value }) => value !== "");
}

function namesOf(given: readonly FieldValue[]): string {
  return given.map(({ id, name }) => name || id).join(", ");
}
