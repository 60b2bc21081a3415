import { HandrailError } from "@handrail/protocol";
import type { z } from "zod";
import {
  changeSettings,
  readSettings,
  type siteChangesShape,
  siteShape,
  variableOf,
} from "../config.ts";
import type { AuditDetail } from "../store/audit-row.ts";
import type { AuditEntry, AuditLog } from "../store/audit.ts";

/** What the site is called, the origin by which people reach it, how many may work at once. */
export type SiteValues = z.infer<typeof siteShape>;
type SiteChanges = z.infer<typeof siteChangesShape>;
/** One of them. */
export type SiteField = keyof SiteValues;

const siteFields = siteShape.keyof().options;

/** What the log calls them, before and after. */
const names = { siteName: "name", publicUrl: "address", seats: "seats" } as const;

/** Changes them in the file that the server reads when it starts: until then the former ones hold. */
export class SiteSettings {
  readonly #env: NodeJS.ProcessEnv;
  readonly #audit: AuditLog;

  /** `env`: that of the server's program, which names the file. */
  constructor(env: NodeJS.ProcessEnv, audit: AuditLog) {
    this.#env = env;
    this.#audit = audit;
  }

  /** What can be changed here: nothing without a file, nor what the environment sets itself. */
  get changeable(): SiteField[] {
    const { HANDRAIL_CONFIG: file } = this.#env;
    return file ? siteFields.filter((field) => this.#env[variableOf(field)] === undefined) : [];
  }

  /** What holds from the next start on. @throws ConfigError when the file cannot be read */
  kept(inForce: SiteValues): SiteValues {
    const { siteName, seats, publicUrl } = readSettings(this.#env);
    return { siteName, seats, publicUrl: publicUrl ?? inForce.publicUrl };
  }

  /**
   * Keeps the changes, with a row in the audit log of what is different.
   * @throws HandrailError `unavailable` when a value cannot be changed here
   * @throws ConfigError naming the field when a value cannot be used
   */
  async change(changes: SiteChanges, by: Pick<AuditEntry, "who" | "whoId">): Promise<void> {
    const before = readSettings(this.#env);
    const changed = siteFields.filter(
      (field) => changes[field] !== undefined && changes[field] !== before[field],
    );
    if (changed.length === 0) return;
    const fixed = changed.find((field) => !this.changeable.includes(field));
    if (fixed)
      throw new HandrailError("unavailable", `${fixed} is set where the server is started`);
    const detail: AuditDetail = Object.fromEntries(
      changed.flatMap((field) => [
        [`${names[field]}Before`, before[field] ?? ""],
        [names[field], changes[field] ?? ""],
      ]),
    );
    const also = () => changeSettings(this.#env, pick(changes, changed));
    const writing = this.#audit.append({ event: "site.changed", ...by, detail }, { also });
    this.#audit.flush();
    await writing;
  }
}

function pick(values: SiteChanges, fields: readonly SiteField[]): Partial<SiteValues> {
  return Object.fromEntries(fields.map((field) => [field, values[field]]));
}
