import { existsSync, readFileSync } from "node:fs";
import { z } from "zod";
import { ConfigError } from "../config.ts";

/**
 * How the programs that work as root find their way on the appliance. Everything has the value that
 * the image uses; a JSON file of root's, named by HANDRAIL_MACHINE_CONFIG, may say otherwise.
 */
const command = z.array(z.string().min(1)).min(1);
const service = "handrail-server.service";
const undoTimer = "handrail-network-undo.timer";

/** How the machine's own settings are read and taken up. */
const settings = z.strictObject({
  /** Folder in the place of `/`. */
  root: z.string().default("/"),
  /** Held by whoever reads or sets something: what is kept must not be taken back meanwhile. */
  lockFile: z.string().default("/run/lock/handrail-settings"),
  /** Where a network that waits to be kept is noted. */
  networkTrialFile: z.string().default("/opt/handrail/network-trial.json"),
  /** How long it waits, ms. */
  networkTrialMs: z.int().min(1_000).max(600_000).default(90_000),
  /** Until when an address has to be taken up, ms: others are asked for it twice (RFC 5227). */
  networkSettleMs: z.int().min(0).max(60_000).default(15_000),
  /** ip(8), which says in JSON what the network is. */
  ipCommand: command.default(["ip"]),
  /**
   * Not waited for: where a former network returns at the machine's start, this has its turn after
   * that, by when it reads the files anyway; and the service that does so would wait for itself.
   */
  reloadNetworkCommand: command.default([
    ...["systemctl", "--no-block", "try-reload-or-restart"],
    "systemd-networkd.service",
  ]),
  /** Starts the time after which the former network returns anew; and stops it. */
  startTrialCommand: command.default(["systemctl", "restart", undoTimer]),
  stopTrialCommand: command.default(["systemctl", "stop", undoTimer]),
  reloadTimeCommand: command.default(["systemctl", "try-restart", "systemd-timesyncd.service"]),
  /** The name comes after it. */
  hostNameCommand: command.default(["hostnamectl", "hostname"]),
  /** Whether administrators may let somebody in by SSH, who is root then. */
  ssh: z.enum(["allowed", "never"]).default("allowed"),
  /**
   * It starts at each start of the machine while there is a key: see the image. Whoever came by a
   * former key is out.
   */
  startSshCommand: command.default(["systemctl", "restart", "ssh.service"]),
  stopSshCommand: command.default(["systemctl", "stop", "ssh.service"]),
  reloadFirewallCommand: command.default(["systemctl", "reload", "nftables.service"]),
});
/** The same, read. */
export type SettingsConfig = Readonly<z.infer<typeof settings>>;

const shape = z.strictObject({
  /** Folder of the releases, the link `current`, and what is known of updates. */
  releasesRoot: z.string().default("/opt/handrail"),
  /** Folder of the public keys that bundles are signed with: `*.pem`. */
  updateKeysDirectory: z.string().default("/etc/handrail/update-keys"),
  /** Folder of the server's data. Not as the server's own settings say, which it may change. */
  dataDirectory: z.string().default("/var/lib/handrail"),
  /** The server's settings, for where it listens. */
  serverConfigFile: z.string().default("/etc/handrail/server.json"),
  /** Tells the running server that it is about to be restarted. */
  warnCommand: command.default([
    "systemctl",
    "kill",
    "--kill-whom=main",
    "--signal=SIGUSR2",
    service,
  ]),
  /** Stops the server, and returns when it has ended. */
  stopCommand: command.default(["systemctl", "stop", service]),
  startCommand: command.default(["systemctl", "start", service]),
  rebootCommand: command.default(["systemctl", "reboot"]),
  powerOffCommand: command.default(["systemctl", "poweroff"]),
  /** Prints the machine's log, the newest lines of it, as JSON. */
  journalCommand: command.default([
    "journalctl",
    "--output=json",
    "--lines=20000",
    "--output-fields=_TRANSPORT,_SYSTEMD_UNIT,SYSLOG_IDENTIFIER,UNIT,PRIORITY,MESSAGE",
    "--no-pager",
    "--quiet",
  ]),
  /** How long people are warned before the server stops, ms; 0: not at all. The server reads it too. */
  warningMs: z.int().min(0).max(600_000).default(30_000),
  /** How long a release may take until it answers, ms. */
  healthTimeoutMs: z.int().min(1_000).max(3_600_000).default(180_000),
  settings: settings.prefault({}),
});

/** The settings of the programs that work as root. */
export type MachineConfig = Readonly<z.infer<typeof shape>>;

const defaultFile = "/etc/handrail/machine.json";

/** Reads them. @throws ConfigError when the file is there and cannot be used */
export function readMachineConfig(env: NodeJS.ProcessEnv): MachineConfig {
  const file = env.HANDRAIL_MACHINE_CONFIG ?? defaultFile;
  if (env.HANDRAIL_MACHINE_CONFIG === undefined && !existsSync(file)) return shape.parse({});
  try {
    return Object.freeze(shape.parse(JSON.parse(readFileSync(file, "utf8"))));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigError(`${file} cannot be used: ${reason}`, { cause });
  }
}
