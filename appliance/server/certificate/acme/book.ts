import { generateKeyPairSync } from "node:crypto";
import { acmeFaultShape, type AcmeSettings, acmeSettingsShape } from "@handrail/protocol/upkeep";
import { z } from "zod";
import type { ApplianceValues } from "../../store/appliance-values.ts";
import { json } from "../../store/row.ts";

const settingsName = "acme-settings";
const stateName = "acme-state";
const accountKeyName = "acme-account-key";
const externalKeyName = "acme-external-key";
const wantedName = "acme-wanted";

const stateShape = z.object({
  /** Address of the account at the directory. */
  account: z.string().optional(),
  /** When it was tried; those of the last day count. */
  tries: z.array(z.number()),
  /** How often in a row it has failed. */
  failures: z.int(),
  lastTry: z.object({ at: z.number(), fault: acmeFaultShape.optional() }).optional(),
  nextAt: z.number(),
  /** When the try began that is under way. */
  runningSince: z.number().optional(),
  /** Of the certificate that was got; absent before the first. */
  fingerprint: z.string().optional(),
  /** Of the one that was got last, whatever the settings have been since. */
  issued: z.string().optional(),
  /** When its key was made. */
  keyMadeAt: z.number().optional(),
});
/** How far it has come. Times in Unix ms. */
export type AcmeProgress = z.infer<typeof stateShape>;

const storedSettings = json(acmeSettingsShape);
const storedState = json(stateShape);
const storedKey = json(z.object({ directory: z.string(), key: z.string() }));

/**
 * What is kept about getting certificates by itself. Its writes are part of the caller's transaction
 * where there is one.
 */
export class AcmeBook {
  readonly #values: ApplianceValues;

  constructor(values: ApplianceValues) {
    this.#values = values;
  }

  /** Undefined while it is off. */
  get settings(): AcmeSettings | undefined {
    return storedSettings.safeParse(this.#text(settingsName)).data;
  }

  get progress(): AcmeProgress {
    const stored = storedState.safeParse(this.#text(stateName));
    return stored.success ? stored.data : { tries: [], failures: 0, nextAt: 0 };
  }

  /** The key of the external account, base64url. */
  get externalKey(): string | undefined {
    return this.#text(externalKeyName);
  }

  /** It is for nobody but the directory that it was typed for. */
  externalKeyFor(directory: string): string | undefined {
    return this.settings?.directory === directory ? this.externalKey : undefined;
  }

  /** When somebody wanted it tried at once, Unix ms. */
  get wantedAt(): number | undefined {
    const text = this.#text(wantedName);
    return text === undefined ? undefined : Number(text);
  }

  /** The key of the account at that directory, PEM; made when there is none. */
  accountKey(directory: string): string {
    const stored = storedKey.safeParse(this.#text(accountKeyName));
    if (stored.success && stored.data.directory === directory) return stored.data.key;
    const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const key = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
    this.#write(accountKeyName, JSON.stringify({ directory, key }));
    return key;
  }

  /** Begins with other settings. `typedKey`: that kept for this directory stays when it is absent. */
  begin(settings: AcmeSettings, typedKey: string | undefined, now: number): void {
    const { account, issued, tries } = this.progress;
    const before = this.settings;
    const externalKey = typedKey ?? this.externalKeyFor(settings.directory);
    const isSame =
      before?.directory === settings.directory && before.externalKeyId === settings.externalKeyId;
    const known = isSame && account !== undefined ? { account } : {};
    this.#write(settingsName, JSON.stringify(settings));
    this.keep({ ...known, ...last(issued), tries, failures: 0, nextAt: now });
    const isUsed = settings.externalKeyId !== "" && externalKey !== undefined;
    if (isUsed) this.#write(externalKeyName, externalKey);
    else this.#values.remove(externalKeyName);
  }

  /** Forgets the settings; how often it was tried counts on, and the account's key is kept. */
  end(): void {
    const { issued, tries } = this.progress;
    for (const name of [settingsName, externalKeyName, wantedName]) this.#values.remove(name);
    this.keep({ ...last(issued), tries, failures: 0, nextAt: 0 });
  }

  keep(progress: AcmeProgress): void {
    this.#write(stateName, JSON.stringify(progress));
  }

  want(at: number): void {
    this.#write(wantedName, String(at));
  }

  /** Whoever wanted it has got it. */
  wantNoMore(): void {
    this.#values.remove(wantedName);
  }

  #text(name: string): string | undefined {
    return this.#values.read(name)?.toString();
  }

  #write(name: string, text: string): void {
    this.#values.write(name, Buffer.from(text));
  }
}

const last = (issued: string | undefined) => (issued === undefined ? {} : { issued });
