import { readFileSync, realpathSync, renameSync, writeFileSync } from "node:fs";
import { isIPv6 } from "node:net";
import { hostname } from "node:os";
import path from "node:path";
import { oneLine } from "@handrail/protocol";
import { z } from "zod";
import { logLevels } from "./log.ts";

/**
 * The settings of an appliance: from a JSON file (named by HANDRAIL_CONFIG) and, above it, from the
 * environment. `keyAttemptsPerSite` is HANDRAIL_KEY_ATTEMPTS_PER_SITE there; whatever both leave
 * open has the default written here. Read once, at the start.
 */
const root = path.resolve(import.meta.dirname, "../..");

/** Where the machine keeps the address of its proxy, from the root folder: apt reads the same file. */
export const machineProxyFile = "etc/apt/apt.conf.d/53handrail-proxy";

const text = z.string({ error: "write a text" }).trim().min(1, { error: "write a text" });
const place = text.transform((value) => path.resolve(value));
const integer = (min: number, max: number) => {
  const error = `write a whole number from ${min} to ${max}`;
  return z.preprocess(
    (value) => (typeof value === "string" && /^[0-9]{1,15}$/.test(value) ? Number(value) : value),
    z.int({ error }).min(min, { error }).max(max, { error }),
  );
};
const port = integer(0, 65_535);
const day = 86_400_000;

const fields = {
  /** Address to listen on. Default: every IPv4 address. */
  address: text.default("0.0.0.0"),
  /** TCP port for HTTPS; 0 takes a free one. Default 443. */
  port: port.default(443),
  /** TCP port whose visitors are sent to HTTPS; "off" for none. Default off. */
  redirectPort: z
    .union([z.literal("off"), port], { error: "write off, or a port from 0 to 65535" })
    .default("off"),
  /** Folder for everything that must survive. Default /var/lib/handrail. */
  dataDirectory: place.default("/var/lib/handrail"),
  /** Folder for recordings. Default: `recordings` in the data directory. */
  recordingsDirectory: place.optional(),
  /** Folder for backups. Default: `backups` in the data directory. */
  backupsDirectory: place.optional(),
  /** What visitors and representatives know the site as. Default "Handrail". */
  siteName: text
    .overwrite(oneLine)
    .max(100, { error: "write at most 100 characters" })
    .default("Handrail"),
  /** Address by which people reach the site. Default: https, this machine's name, the port. */
  publicUrl: z
    .url({ protocol: /^https$/, error: "write an address such as https://support.example.org" })
    .transform((value) => new URL(value).origin)
    .optional(),
  /** PEM file with the certificate of an authority and its chain. Default: the self-made one. */
  tlsCertificateFile: place.optional(),
  /** PEM file with the key of that certificate. */
  tlsKeyFile: place.optional(),
  /** Representatives who may work at the same time. Default 10. */
  seats: integer(1, 100_000).default(10),
  /**
   * Memory for what shows a newcomer the screen of a session at once, of all sessions together,
   * bytes. Default 256 MiB.
   */
  shadowMemoryBytes: integer(8 * 1024 * 1024, 2 ** 40).default(256 * 1024 * 1024),
  /** How long a session key can be used, ms, where nobody says otherwise. Default 20 minutes. */
  keyLifetimeMs: integer(60_000, day).default(20 * 60_000),
  /** Lines of the log: error, warn, info or debug. Default info. */
  logLevel: z.enum(logLevels, { error: `write ${logLevels.join(", ")}` }).default("info"),
  /** Session keys tried per minute from one address. Default 10. */
  keyAttemptsPerAddress: integer(1, 1_000_000).default(10),
  /** The same of all who were wrong too often; of all others ten times as many. Default 100. */
  keyAttemptsPerSite: integer(1, 1_000_000).default(100),
  /** Sign-ins, set-up codes and device codes tried per minute from one address. Default 20. */
  signInAttemptsPerAddress: integer(1, 1_000_000).default(20),
  /** The same of all who were wrong too often; of all others three times as many. Default 200. */
  signInAttemptsPerSite: integer(1, 1_000_000).default(200),
  /** HTTP requests per minute from one address. Default 3000. */
  requestsPerAddress: integer(10, 10_000_000).default(3_000),
  /** How long an access token is taken, ms. Default 10 minutes. */
  accessTokenLifetimeMs: integer(1_000, day).default(10 * 60_000),
  /** How long a console stays signed in without being used, ms. Default 30 days. */
  refreshTokenLifetimeMs: integer(1_000, 400 * day).default(30 * day),
  /** How long /login stays signed in without being used, ms. Default 1 hour. */
  browserSessionLifetimeMs: integer(1_000, 30 * day).default(60 * 60_000),
  /** Folder with one folder per platform of the customer client. Default: where it is built. */
  clientDirectory: place.default(path.join(root, "dist/client")),
  /** Folder of the releases on an appliance's image. Default /opt/handrail. */
  releasesDirectory: place.default("/opt/handrail"),
  /** Folder of the public keys that releases are signed with. Default /etc/handrail/update-keys. */
  updateKeysDirectory: place.default("/etc/handrail/update-keys"),
  /** Socket of what the machine does for the server. Default /run/handrail/machine.sock. */
  machineSocket: place.default("/run/handrail/machine.sock"),
  /** Socket of the machine's own settings. Default /run/handrail/settings.sock. */
  settingsSocket: place.default("/run/handrail/settings.sock"),
  /** File with the machine's proxy. Default /etc/apt/apt.conf.d/53handrail-proxy. */
  proxyFile: place.default(`/${machineProxyFile}`),
  /** Folder of the administration pages. Default: where they are built. */
  loginDirectory: place.default(path.join(root, "dist/media/login")),
} as const;

const shape = z.strictObject(fields);

/** What of them says what the site is to people, each given. */
export const siteShape = z.strictObject({
  siteName: fields.siteName.removeDefault(),
  publicUrl: fields.publicUrl.unwrap(),
  seats: fields.seats.removeDefault(),
});
/** Those of them that are to be changed. */
export const siteChangesShape = siteShape.partial();

/** The settings as they are read: checked, complete but for what the port decides, frozen. */
export type Settings = Readonly<
  Omit<z.infer<typeof shape>, "recordingsDirectory" | "backupsDirectory"> & {
    recordingsDirectory: string;
    backupsDirectory: string;
    /** The file that settings were read from. */
    configFile?: string;
  }
>;

/** The settings of an appliance that listens: `port` is the real one, `publicUrl` has no path. */
export type Config = Settings & { readonly publicUrl: string };

/** Completes the settings once the port is known. */
export function withPort(settings: Settings, port: number): Config {
  const publicUrl = settings.publicUrl ?? new URL(`https://${hostOf(settings)}:${port}`).origin;
  return Object.freeze({ ...settings, port, publicUrl });
}

/** The name by which people reach the site, as a URL has it. */
export function hostOf({ publicUrl, address }: Settings): string {
  if (publicUrl !== undefined) return new URL(publicUrl).hostname;
  if (!["0.0.0.0", "::"].includes(address)) return isIPv6(address) ? `[${address}]` : address;
  return hostname();
}

/** A wrong setting, as one sentence that names the field, its value and the remedy. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

/** What may be set, as `readConfig` and tests give it. */
export type SettingsInput = z.input<typeof shape>;

/** The settings for these values. @throws ConfigError */
export function makeSettings(values: SettingsInput): Settings {
  return complete(values, (field) => field);
}

/**
 * Reads the settings from the environment and from the file that it names. Other variables that
 * begin with HANDRAIL_ belong to the other programs.
 * @throws ConfigError
 */
export function readSettings(env: NodeJS.ProcessEnv): Settings {
  const fromFile = env.HANDRAIL_CONFIG ? readFile(env.HANDRAIL_CONFIG) : {};
  const fromEnv = Object.keys(fields).flatMap((field) => {
    const value = env[variableOf(field)];
    return value === undefined ? [] : [[field, value] as const];
  });
  const isFromEnv = new Set(fromEnv.map(([field]) => field));
  const settings = complete({ ...fromFile, ...Object.fromEntries(fromEnv) }, (field) =>
    isFromEnv.has(field) ? variableOf(field) : `${field} in ${env.HANDRAIL_CONFIG}`,
  );
  if (!env.HANDRAIL_CONFIG) return settings;
  return Object.freeze({ ...settings, configFile: path.resolve(env.HANDRAIL_CONFIG) });
}

/**
 * Sets these in the file that HANDRAIL_CONFIG names, and leaves what else is in it; the appliance reads
 * it when it starts. Checked as a whole before anything is written.
 * @throws ConfigError
 */
export function changeSettings(env: NodeJS.ProcessEnv, changes: SettingsInput): void {
  if (!env.HANDRAIL_CONFIG) throw new ConfigError("HANDRAIL_CONFIG names no file: set it.");
  const changed = { ...readFile(env.HANDRAIL_CONFIG), ...changes };
  makeSettings(changed);
  // Beside the real file: on the appliance the name is a link.
  const file = realpathSync(env.HANDRAIL_CONFIG);
  writeFileSync(`${file}.new`, `${JSON.stringify(changed, undefined, 2)}\n`, { flush: true });
  renameSync(`${file}.new`, file);
}

function complete(values: object, nameOf: (field: string) => string): Settings {
  const parsed = shape.safeParse(values);
  if (!parsed.success) throw new ConfigError(explain(parsed.error, values, nameOf));
  const { dataDirectory, recordingsDirectory, tlsCertificateFile, tlsKeyFile } = parsed.data;
  if ((tlsCertificateFile === undefined) !== (tlsKeyFile === undefined)) {
    const lacking = variableOf(tlsKeyFile === undefined ? "tlsKeyFile" : "tlsCertificateFile");
    throw new ConfigError(
      `${lacking} is not set, but a certificate and its key go together: set both or neither.`,
    );
  }
  return Object.freeze({
    ...parsed.data,
    recordingsDirectory: recordingsDirectory ?? path.join(dataDirectory, "recordings"),
    backupsDirectory: parsed.data.backupsDirectory ?? path.join(dataDirectory, "backups"),
  });
}

function readFile(file: string): object {
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(readFileSync(file, "utf8")));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigError(
      `HANDRAIL_CONFIG names ${file}, which is not a readable JSON object: ${reason}. ` +
        "Correct the file or unset the variable.",
      { cause },
    );
  }
}

/** The variable of the environment that sets a field. */
export function variableOf(field: string): string {
  return `HANDRAIL_${field.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}

function explain(error: z.ZodError, values: object, nameOf: (field: string) => string): string {
  const issue = error.issues[0];
  if (issue?.code === "unrecognized_keys") {
    const unknown = issue.keys[0] ?? "";
    return `${nameOf(unknown)} is not a setting: remove it, or correct its name.`;
  }
  const field = String(issue?.path[0] ?? "");
  const value: unknown = Object.entries(values).find(([name]) => name === field)?.[1];
  const remedy = issue?.message ?? "correct it";
  return `${nameOf(field)} is ${JSON.stringify(value)}, which cannot be used: ${remedy}.`;
}
