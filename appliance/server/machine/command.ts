import { parseArgs } from "node:util";
import { HandrailError } from "@handrail/protocol";
import {
  type MachineState,
  type NetworkSettings,
  networkSettingsShape,
} from "@handrail/protocol/upkeep";
import { misused, parseCommandLine } from "../command-line.ts";
import { complain, print } from "../log.ts";
import type { MachineDesk, Wisher } from "./machine-desk.ts";
import type { MachineSettings } from "./machine-settings.ts";
import { MachineSettingsError } from "./settings-error.ts";
import { keyFingerprint, networkText, timeText } from "./settings-text.ts";

const usage = `Usage: handrail <command>
  network show                                says what the network is
  network set dhcp                            has the network give the address
  network set ADDRESS/PREFIX… [OPTION…]       sets addresses; unless they are kept, the former return
  network keep | undo                         keeps what was set, or takes it back
  time show
  time set [--zone ZONE] [--server HOST…]     as Europe/Paris; --server "" for Debian's own
  proxy show | set URL | off                  by which other servers are reached
  ssh show | on KEY | off                     lets the holder of one key (a line in quotes) sign in
  host-name show | set NAME                   of the machine
  restart [--server] | power-off              of the machine, or of the server alone
OPTION is
  --gateway ADDRESS…  --name-server ADDRESS…  --vlan 1 to 4094
  --keep                                      keeps the network without being asked again`;

/** The commands of the machine's own settings. */
export const machineCommands = [
  "network",
  "time",
  "proxy",
  "ssh",
  "host-name",
  "restart",
  "power-off",
] as const;
/** One of them. */
export type MachineCommand = (typeof machineCommands)[number];

/** Who changes the machine: the desk that writes it down, or whoever asks it where nobody could. */
export type SettingsChanges = Pick<
  MachineDesk,
  | "state"
  | "setNetwork"
  | "confirmNetwork"
  | "undoNetwork"
  | "setTime"
  | "setProxy"
  | "setSsh"
  | "setHostName"
  | "act"
>;

const options = {
  gateway: { type: "string", multiple: true },
  "name-server": { type: "string", multiple: true },
  vlan: { type: "string" },
  keep: { type: "boolean", default: false },
  zone: { type: "string" },
  server: { type: "string", multiple: true },
} as const;

const by: Wisher = { who: "operator" };

type Parsed = NonNullable<ReturnType<typeof parseCommandLine<typeof options>>>;
type Outcome = Promise<number>;

/** `handrail network …` and the like: exit code 0 when done, 1 when refused, 2 for a wrong command. */
export async function machineCommand(
  command: MachineCommand,
  args: string[],
  changes: SettingsChanges,
): Outcome {
  try {
    if (command === "restart") return await restart(args, changes);
    const parsed = parseCommandLine(args, options);
    if (!parsed) return misused(usage);
    return await run(command, parsed, changes);
  } catch (error) {
    if (error instanceof MachineSettingsError) {
      // The machine's console speaks as its operator does.
      complain(error.told[process.env.HANDRAIL_LANGUAGE === "fr" ? "fr" : "en"]);
    } else if (error instanceof HandrailError) {
      complain(error.message);
    } else throw error;
    return 1;
  }
}

/** The changes where there is no site in whose audit log they would stand: on a jumpoint. */
export function unrecorded(settings: MachineSettings): SettingsChanges {
  return {
    state: () => settings.read(),
    setNetwork: (network) => settings.setNetwork(network),
    confirmNetwork: () => settings.confirmNetwork(),
    undoNetwork: () => settings.undoNetwork(),
    setTime: (time) => settings.setTime(time),
    setProxy: (proxy) => settings.setProxy(proxy),
    setSsh: (ssh) => settings.setSsh(ssh),
    setHostName: (name) => settings.setHostName(name),
    act: () =>
      Promise.reject(new HandrailError("unavailable", "this is a jumpoint: use its console")),
  };
}

async function run(
  command: Exclude<MachineCommand, "restart">,
  { positionals, values }: Parsed,
  changes: SettingsChanges,
): Outcome {
  const [verb, given, ...more] = positionals;
  if (command === "power-off") {
    if (verb !== undefined) return misused(usage);
    await changes.act("power-off", by);
    return 0;
  }
  if (verb === "show" && given === undefined) return show(command, await changes.state());
  if (command === "network") return network(verb, [given ?? "", ...more], { values, changes });
  if (command === "time") {
    if (verb !== "set" || given !== undefined) return misused(usage);
    const { time } = await changes.state();
    const servers = values.server?.filter((server) => server !== "");
    const zone = values.zone ?? time.zone;
    await changes.setTime({ zone, ntpServers: servers ?? time.ntpServers }, by);
    return 0;
  }
  if (more.length > 0) return misused(usage);
  return setOne(`${command} ${verb ?? ""}`, given, changes);
}

async function setOne(what: string, given: string | undefined, changes: SettingsChanges): Outcome {
  if (given === undefined) {
    if (what === "proxy off") await changes.setProxy({ address: "" }, by);
    else if (what === "ssh off") await changes.setSsh({ authorisedKey: "" }, by);
    else return misused(usage);
    return 0;
  }
  if (what === "proxy set") await changes.setProxy({ address: given }, by);
  else if (what === "ssh on") await changes.setSsh({ authorisedKey: given }, by);
  else if (what === "host-name set") await changes.setHostName(given, by);
  else return misused(usage);
  return 0;
}

async function network(
  verb: string | undefined,
  given: readonly string[],
  { values, changes }: { readonly values: Parsed["values"]; readonly changes: SettingsChanges },
): Outcome {
  const [first = ""] = given;
  if (verb === "keep" && first === "") {
    await changes.confirmNetwork(by);
    return 0;
  }
  if (verb === "undo" && first === "") {
    await changes.undoNetwork(by);
    return 0;
  }
  if (verb !== "set" || first === "") return misused(usage);
  const settings = settingsOf(given, values);
  if (!settings) return misused(usage);
  await changes.setNetwork(settings, by);
  if (values.keep) {
    await changes.confirmNetwork(by);
    return 0;
  }
  const { confirmBefore } = (await changes.state()).network;
  if (confirmBefore !== undefined) {
    const time = new Date(confirmBefore).toTimeString().slice(0, 8);
    print(`Set. Unless "handrail network keep" comes before ${time}, the former settings return.`);
  }
  return 0;
}

/** Undefined for more than there may be. */
function settingsOf(
  given: readonly string[],
  { gateway = [], "name-server": nameServers = [], vlan }: Parsed["values"],
): NetworkSettings | undefined {
  if (given.length === 1 && given[0]?.toLowerCase() === "dhcp") return { method: "dhcp" };
  return networkSettingsShape.safeParse({
    ...{ method: "static", addresses: given, gateways: gateway, nameServers },
    ...(vlan === undefined ? {} : { vlan: Number(vlan) }),
  }).data;
}

async function restart(args: string[], changes: SettingsChanges): Outcome {
  try {
    const { values } = parseArgs({ args, options: { server: { type: "boolean" } } });
    await changes.act(values.server ? "restart" : "reboot", by);
    return 0;
  } catch (error) {
    if (error instanceof HandrailError) throw error;
    return misused(usage);
  }
}

function show(command: MachineCommand, state: MachineState): number {
  switch (command) {
    case "network":
      showNetwork(state.network);
      return 0;
    case "time":
      print(timeText(state.time));
      return 0;
    case "proxy":
      print(state.proxy.address === "" ? "none" : state.proxy.address);
      return 0;
    case "ssh":
      print(keyFingerprint(state.ssh.authorisedKey) || "Nobody may sign in.");
      return 0;
    case "host-name":
      print(state.hostName);
      return 0;
    default:
      return misused(usage);
  }
}

function showNetwork({ settings, interfaces, ...now }: MachineState["network"]): void {
  print(`Settings: ${networkText(settings)}`);
  for (const { name, isUp, addresses } of interfaces) {
    print(`${name}: ${isUp ? "" : "no line; "}${addresses.join(", ") || "no address"}`);
  }
  print(`Gateway: ${now.gateways.join(", ") || "none"}`);
  print(`Name servers: ${now.nameServers.join(", ") || "none"}`);
  if (now.confirmBefore !== undefined) print("These settings wait to be kept.");
}
