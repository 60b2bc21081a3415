import { userInfo } from "node:os";
import { systemClock } from "../clock.ts";
import { misused, parseCommandLine } from "../command-line.ts";
import { complain, print } from "../log.ts";
import type { UpdateResult } from "./journal.ts";
import { openUpdater } from "./open-updater.ts";
import { UpdateError } from "./update-error.ts";
import type { Progress, Updater } from "./updater.ts";

const usage = `Usage: handrail update <command>
  status                                      says which release runs, and how the last update ended
  check FILE [--allow-older]                  says whether a bundle can be installed
  install FILE [--allow-older]                installs it, and goes back by itself when it fails
  rollback [--lose-changes]                   goes back to the release before
  recover [--boot]                            finishes or undoes what was cut short
  channel …                                   looks for releases and fetches them`;

const options = {
  "allow-older": { type: "boolean", default: false },
  "lose-changes": { type: "boolean", default: false },
  boot: { type: "boolean", default: false },
} as const;

const steps: Readonly<Record<Progress["step"], string>> = {
  unpacking: "Unpacking the release",
  warning: "Warning everyone who is in a session",
  stopping: "Stopping the server",
  copying: "Copying the database",
  switching: "Switching to the release",
  checking: "Starting the server and seeing whether it is well",
  "going-back": "Going back to the release before",
  keeping: "Tidying up",
};

/** `handrail update …`: exit code 0 when done, 1 when refused or failed, 2 for a wrong command. */
export async function updateCommand(args: string[], env: NodeJS.ProcessEnv): Promise<number> {
  // The server runs what root unpacks, and reads what root notes down.
  process.umask(0o022);
  const parsed = parseCommandLine(args, options);
  if (!parsed) return misused(usage);
  const [verb, file] = parsed.positionals;
  try {
    const updater = openUpdater(env, systemClock, tell);
    switch (verb) {
      case "status":
        return showStatus(updater);
      case "check":
        return file === undefined ? misused(usage) : await check(updater, file, parsed.values);
      case "install":
        return file === undefined ? misused(usage) : await install(updater, file, parsed.values);
      case "rollback": {
        const loseChanges = parsed.values["lose-changes"];
        return tellResult(await updater.rollback({ by: operator(), loseChanges }));
      }
      case "recover":
        return tellResult(await updater.recover({ isServed: !parsed.values.boot }));
      default:
        return misused(usage);
    }
  } catch (error) {
    if (!(error instanceof UpdateError)) throw error;
    complain(error.message);
    return 1;
  }
}

function showStatus(updater: Updater): number {
  const { current, previous, journal, result } = updater.status;
  print(`Release ${current} runs${previous === undefined ? "" : `; before it was ${previous}`}.`);
  if (journal)
    print(`An update to ${journal.to} is under way or was cut short (${journal.stage}).`);
  if (result) tellResult(result);
  return 0;
}

type Values = NonNullable<ReturnType<typeof parseCommandLine<typeof options>>>["values"];

async function check(updater: Updater, file: string, values: Values): Promise<number> {
  const manifest = await updater.check(file, { allowOlder: values["allow-older"] });
  print(`Release ${manifest.version} (${manifest.commit.slice(0, 12)}) can be installed.`);
  return 0;
}

async function install(updater: Updater, file: string, values: Values): Promise<number> {
  const allowOlder = values["allow-older"];
  if (allowOlder) {
    complain(
      "An older release may be installed: what newer ones have mended is broken again, and the " +
        "database stays as it is. A backup made with that release is the safer way back.",
    );
  }
  return tellResult(await updater.install(file, { by: operator(), allowOlder }));
}

function tellResult(result: UpdateResult | undefined): number {
  if (!result) {
    print("Nothing was cut short.");
    return 0;
  }
  const { kind, from, to, fault, message, isDatabaseRestored, endedAt } = result;
  const when = new Date(endedAt).toISOString();
  if (fault !== undefined) {
    const database = isDatabaseRestored ? " The database is as it was before." : "";
    print(`${when}: release ${to} was not installed, ${from} goes on. ${message ?? ""}${database}`);
  } else if (kind === "rollback") print(`${when}: back from ${from} to release ${to}.`);
  else print(`${when}: release ${to} is installed; before it was ${from}.`);
  return 0;
}

function tell({ step, share }: Progress): void {
  if (share === undefined) print(`${steps[step]}…`);
}

function operator(): string {
  return userInfo().username;
}
