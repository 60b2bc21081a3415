import { fstatSync } from "node:fs";
import { toHandrailError } from "@handrail/protocol";
import { startAppliance } from "./appliance.ts";
import { systemClock } from "./clock.ts";
import { ConfigError, readSettings, type Settings } from "./config.ts";
import { formatFingerprint } from "./certificate/identity.ts";
import { announce, complain, createLog, type Log } from "./log.ts";
import { readMachineConfig } from "./update/machine-config.ts";
import { beginAgain } from "./runtime.ts";
import { version } from "./version.ts";

/**
 * Reads the settings, starts the appliance, and stops it in good order on SIGTERM or SIGINT; SIGHUP
 * makes it look for a renewed certificate, SIGUSR2 has it warn everyone of a restart. It may be killed at any moment: whatever was acknowledged
 * is on the disk. What keeps it from starting goes to standard error, with exit code 1.
 */
export async function serve(env: NodeJS.ProcessEnv): Promise<void> {
  // What the appliance writes is for it alone.
  process.umask(0o077);
  const { settings, warningMs } = settingsOrExit(env);
  const log = createLog(settings.logLevel);
  await run(settings, { env, log, warningMs, isJournalled: isJournal(env.JOURNAL_STREAM) }).catch(
    (error: unknown) => {
      log.error("appliance.start-failed", { error: toHandrailError(error) });
      complain(`The appliance cannot start: ${reasonOf(error)}`);
      process.exitCode = 1;
    },
  );
}

/** Whether standard output is the journal, by what systemd.exec(5) says of it: device and inode. */
function isJournal(stream: string | undefined): boolean {
  const { dev, ino } = fstatSync(process.stdout.fd);
  return stream === `${dev}:${ino}`;
}

function settingsOrExit(env: NodeJS.ProcessEnv): { settings: Settings; warningMs: number } {
  try {
    return { settings: readSettings(env), warningMs: readMachineConfig(env).warningMs };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    complain(error.message);
    process.exit(1);
  }
}

interface RunParts {
  readonly env: NodeJS.ProcessEnv;
  readonly log: Log;
  readonly warningMs: number;
  readonly isJournalled: boolean;
}

async function run(settings: Settings, { log, warningMs, ...given }: RunParts): Promise<void> {
  const restart = () => stop("restart");
  const appliance = await startAppliance(settings, { ...given, clock: systemClock, log, restart });
  const { fingerprint, port, publicUrl } = appliance;
  let isStopping = false;
  const stop = (signal: string) => {
    if (isStopping) return;
    isStopping = true;
    log.info("appliance.stopping", { signal });
    appliance[Symbol.asyncDispose]().then(
      () => {
        log.info("appliance.stopped");
        if (signal === "restart") beginAgain();
        process.exit(0);
      },
      (error: unknown) => {
        log.error("appliance.stop-failed", { error: toHandrailError(error) });
        process.exit(1);
      },
    );
  };
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
  process.on("SIGHUP", () => void appliance.renewCertificate());
  process.on("SIGUSR2", () => {
    log.info("appliance.restart-announced", { afterMs: warningMs });
    appliance.announceRestart(warningMs);
  });
  const shown = formatFingerprint(fingerprint);
  announce("listening", { version, url: publicUrl, fingerprint: shown, pid: process.pid, port });
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
