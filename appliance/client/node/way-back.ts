/**
 * How this program is started again after a restart of the computer: an entry that the desktop runs
 * when its user logs in, and a file with what it needs. The entry names the file; the secret is in
 * the file alone, which only its owner can read, and both are gone as soon as they are used.
 * Source: Desktop Application Autostart Specification 0.5, Desktop Entry Specification 1.5.
 */
import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";

const fileName = /^handrail-return-[0-9a-f]{16}$/;
const ownerOnly = 0o600;
const ownerOnlyFolder = 0o700;

/** Where a desktop looks for what it starts, and where programs keep what is theirs alone. */
interface Places {
  readonly autostart: string;
  readonly state: string;
}

/** The way back into one session. */
export interface WayBack {
  /** Makes entry and file. @throws Error when they cannot be written; then neither is there */
  prepare(secret: string): void;
  /** Takes entry and file away, where there are any. */
  forget(): void;
}

/** What starts this program: `command` as it was started, `join` as it is to be told again. */
export interface WayBackOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly command: readonly string[];
  readonly join: object;
  /** What the entry is called in the list of what the desktop starts. */
  readonly title: string;
}

/** There is none: whoever prepares it hears so. */
export const noWayBack: WayBack = {
  prepare: () => {
    throw new Error("nothing would start this program again");
  },
  forget: () => undefined,
};

/** Argument behind which the file is named. */
export const returnArgument = "--return";

/** Nothing is written until it is prepared. */
export function openWayBack({ env, command, join, title }: WayBackOptions): WayBack {
  const name = `handrail-return-${randomBytes(8).toString("hex")}`;
  const { autostart, state } = placesOf(env);
  const entry = path.join(autostart, `${name}.desktop`);
  const file = path.join(state, `${name}.json`);
  const forget = () => {
    for (const each of [entry, file]) rmSync(each, { force: true });
  };
  return {
    prepare: (secret) => {
      try {
        for (const folder of [autostart, state]) {
          mkdirSync(folder, { recursive: true, mode: ownerOnlyFolder });
        }
        const told = JSON.stringify({ ...join, ticket: undefined, returning: secret });
        writeFileSync(file, told, { mode: ownerOnly, flag: "wx" });
        const text = entryText([...command, returnArgument, file], title);
        writeFileSync(entry, text, { mode: ownerOnly, flag: "wx" });
      } catch (error) {
        forget();
        throw error;
      }
    },
    forget,
  };
}

/** Reads what was left for this start, and takes it and the entry away. @throws Error, as fs does */
export function takeReturn(file: string, env: NodeJS.ProcessEnv): string {
  const { autostart, state } = placesOf(env);
  const name = path.basename(file, ".json");
  if (!fileName.test(name) || path.dirname(file) !== state) {
    throw new Error("This is no file that this program has left.");
  }
  try {
    return readFileSync(file, "utf8");
  } finally {
    for (const each of [path.join(autostart, `${name}.desktop`), file]) {
      rmSync(each, { force: true });
    }
  }
}

function placesOf(env: NodeJS.ProcessEnv): Places {
  const home = env["HOME"] || homedir();
  const config = env["XDG_CONFIG_HOME"] || path.join(home, ".config");
  const state = env["XDG_STATE_HOME"] || path.join(home, ".local", "state");
  return { autostart: path.join(config, "autostart"), state: path.join(state, "handrail") };
}

function entryText(command: readonly string[], title: string): string {
  const lines = [
    "[Desktop Entry]",
    "Type=Application",
    `Name=${title.replace(/[\\\n\r\t]/g, " ")}`,
    `Exec=${command.map(quoted).join(" ")}`,
    "Terminal=false",
    "NoDisplay=true",
    "X-GNOME-Autostart-enabled=true",
  ];
  return `${lines.join("\n")}\n`;
}

/** An argument in an Exec line: quoted, and then as a string of the file, hence backslashes twice. */
function quoted(argument: string): string {
  const inside = argument.replace(/["`$\\]/g, "\\$&").replaceAll("%", "%%");
  return `"${inside.replaceAll("\\", "\\\\")}"`;
}
