import type { Store } from "./database.ts";

/** The value by which the `handrail` command learns where a running appliance is reached. */
export const publicUrlName = "public-url";

/** Named values that the appliance keeps for itself. */
export interface ApplianceValues {
  read(name: string): Buffer | undefined;
  write(name: string, value: Uint8Array): void;
  remove(name: string): void;
  /** Those whose names begin with that. */
  list(prefix: string): { readonly name: string; readonly value: Buffer }[];
}

/** The named values of this database. */
export function applianceValues({ raw }: Store): ApplianceValues {
  return {
    read(name) {
      const row = raw.prepare("SELECT value FROM applianceValue WHERE name = ?").get(name);
      return row?.value instanceof Uint8Array ? Buffer.from(row.value) : undefined;
    },
    write(name, value) {
      raw
        .prepare(
          `INSERT INTO applianceValue (name, value) VALUES (?, ?)
           ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
        )
        .run(name, value);
    },
    remove(name) {
      raw.prepare("DELETE FROM applianceValue WHERE name = ?").run(name);
    },
    list(prefix) {
      return raw
        .prepare("SELECT name, value FROM applianceValue WHERE substr(name, 1, ?) = ?")
        .all(prefix.length, prefix)
        .flatMap(({ name, value }) =>
          value instanceof Uint8Array ? [{ name: String(name), value: Buffer.from(value) }] : [],
        );
    },
  };
}
