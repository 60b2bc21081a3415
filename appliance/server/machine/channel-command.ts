import { HandrailError } from "@handrail/protocol";
import { systemClock } from "../clock.ts";
import { misused, parseCommandLine } from "../command-line.ts";
import type { Settings } from "../config.ts";
import { trustOf, trustOptions } from "../line/trust-options.ts";
import { complain, createLog, print } from "../log.ts";
import { applianceValues } from "../store/appliance-values.ts";
import type { AuditLog } from "../store/audit.ts";
import type { Store } from "../store/database.ts";
import { ChannelError, channelFaultTexts } from "../update/channel/channel-error.ts";
import { channelText, type Upkeep, upkeepShape } from "../update/channel/settings.ts";
import { version } from "../version.ts";
import { ChannelDesk } from "./channel-desk.ts";

/** The data of the appliance that the command works on. */
export interface ChannelCommandBase {
  readonly settings: Settings;
  readonly store: Store;
  readonly audit: AuditLog;
}

const usage = `Usage: handrail update channel <command>
  show                                        says where releases are looked for, and what is known
  set [URL]                                   looks there (https://HOST/FOLDER/) from now on, and sets
    --ca-file FILE, --pin SHA-256             whose certificate is trusted
    --daily on|off                            whether it looks every day
    --install never|in-window                 whether releases are installed by themselves
    --restart never|in-window                 whether the machine is restarted when Debian's
                                              updates need it
    --window DAYS,FROM-TO                     when: as sun,wed,23:30-04:00
  off                                         looks nowhere
  check                                       looks now
  fetch                                       fetches the newer release, and says where it lies;
                                              \`handrail update install FILE\` installs it`;

const options = {
  daily: { type: "string" },
  install: { type: "string" },
  restart: { type: "string" },
  window: { type: "string" },
  ...trustOptions,
} as const;

type Parsed = NonNullable<ReturnType<typeof parseCommandLine<typeof options>>>;

const by = { who: "operator" };
const dayNames = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

/** `handrail update channel …`: exit code 0 when done, 1 when refused, 2 for a wrong command. */
export async function channelCommand(args: string[], base: ChannelCommandBase): Promise<number> {
  const parsed = parseCommandLine(args, options);
  if (!parsed) return misused(usage);
  const { audit, settings, store } = base;
  const log = createLog("error", complain);
  const about = { audit, clock: systemClock, log, values: applianceValues(store), version };
  await using desk = new ChannelDesk({ ...settings, ...about });
  try {
    return await run(desk, parsed);
  } catch (error) {
    if (error instanceof ChannelError) return told(error);
    if (!(error instanceof HandrailError)) throw error;
    complain(error.message);
    return 1;
  }
}

async function run(desk: ChannelDesk, { positionals, values }: Parsed): Promise<number> {
  const [verb, url, ...rest] = positionals;
  if (rest.length > 0 || (url !== undefined && verb !== "set")) return misused(usage);
  switch (verb) {
    case "show":
      return show(desk);
    case "set": {
      const upkeep = upkeepOf(desk.settings, url, values);
      if (!upkeep) return misused(usage);
      await desk.change(upkeep, by);
      return show(desk);
    }
    case "off":
      await desk.change({ ...desk.settings, channel: undefined }, by);
      return show(desk);
    case "check":
      await desk.look();
      return show(desk);
    case "fetch":
      print(await desk.fetch(by));
      return 0;
    default:
      return misused(usage);
  }
}

function show(desk: ChannelDesk): number {
  const { settings, lookedAt, offered, trouble } = desk.state;
  const { looksDaily, installs, restarts } = settings;
  const channel = channelText(settings);
  print(
    channel === "" ? "Releases are looked for nowhere." : `Releases are looked for at ${channel}`,
  );
  if (channel !== "") {
    print(`  every day: ${looksDaily ? "yes" : "no"}; installed by themselves: ${installs}`);
    print(`  last looked: ${lookedAt === undefined ? "never" : new Date(lookedAt).toISOString()}`);
    if (trouble) print(`  The last look failed. ${channelFaultTexts[trouble.fault]}`);
    print(offered ? `  Release ${offered.version} is available.` : "  No newer release is known.");
  }
  print(`The machine is restarted by itself: ${restarts}`);
  print(`The maintenance window: ${windowText(settings)}`);
  return 0;
}

function told({ fault, fingerprint }: ChannelError): number {
  complain(channelFaultTexts[fault]);
  if (fingerprint !== undefined) complain(`It shows the certificate with SHA-256 ${fingerprint}`);
  return 1;
}

/** The settings with what was typed; undefined, with the reason told, where that cannot be. */
function upkeepOf(
  before: Upkeep,
  url: string | undefined,
  typed: Parsed["values"],
): Upkeep | undefined {
  const { daily, install, restart, window } = typed;
  const isTrustTyped = typed.pin !== undefined || typed["ca-file"] !== undefined;
  const trust = isTrustTyped || url !== undefined ? trustOf(typed) : before.channel?.trust;
  const address = url ?? before.channel?.url;
  const read = upkeepShape.safeParse({
    ...before,
    channel: address === undefined ? undefined : { url: address, trust },
    looksDaily: daily === undefined ? before.looksDaily : onOrOff(daily),
    installs: install ?? before.installs,
    restarts: restart ?? before.restarts,
    window: window === undefined ? before.window : windowOf(window),
  });
  if (!read.success) complain(read.error.issues[0]?.message ?? "");
  return read.data;
}

function onOrOff(typed: string): boolean | string {
  return ["on", "off"].includes(typed) ? typed === "on" : typed;
}

/** As sun,wed,23:30-04:00; what is none is left to the shape. */
function windowOf(typed: string): object {
  const parts = typed.toLowerCase().split(",");
  const times = /^(\d{1,2}):(\d\d)-(\d{1,2}):(\d\d)$/.exec(parts.pop() ?? "") ?? [];
  const [, fromHour, fromMinute, toHour, toMinute] = times.map(Number);
  return {
    days: parts.map((name) => dayNames.indexOf(name.trim())),
    fromMinute: (fromHour ?? Number.NaN) * 60 + (fromMinute ?? 0),
    toMinute: (toHour ?? Number.NaN) * 60 + (toMinute ?? 0),
  };
}

function windowText({ window: { days, fromMinute, toMinute } }: Upkeep): string {
  const pad = (value: number) => String(value).padStart(2, "0");
  const time = (minute: number) => `${pad(Math.floor(minute / 60))}:${pad(minute % 60)}`;
  const names = days.map((day) => dayNames[day]).join(",");
  return `${names},${time(fromMinute)}-${time(toMinute)}`;
}
