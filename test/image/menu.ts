import { setTimeout as sleep } from "node:timers/promises";
import type { Machine } from "./machine.ts";

/** What somebody does at the machine's console, on its serial line. */

/** Longest wait for an answer of the console, ms: it starts programs, in an emulated machine. */
const soonMs = 180_000;

/** Presses a key of the menu, and waits for what it asks. */
async function choose(machine: Machine, key: string, asks: RegExp): Promise<void> {
  machine.forget();
  machine.type(key);
  await machine.shows(asks, soonMs);
}

/** Answers what was asked, and waits for what comes then. */
async function say(machine: Machine, text: string, comes: RegExp): Promise<void> {
  machine.forget();
  machine.type(`${text}\n`);
  await machine.shows(comes, soonMs);
}

/** Goes back to the menu, which is drawn anew. A key that comes before it is asked for is forgotten. */
async function goBack(machine: Machine): Promise<void> {
  await machine.shows(/Press any key to go on\.|until you\s+press a key;[^]*\n/, soonMs);
  await takesEnter(machine);
}

async function takesEnter(machine: Machine): Promise<void> {
  machine.forget();
  machine.type("\n");
  await machine.shows(/Press a key:/, soonMs);
}

/** Sets an address, and waits for what the console says of it. */
export async function setAddress(machine: Machine, address: string, says: RegExp): Promise<void> {
  await choose(machine, "2", /Enter: leave it[^)]*\)/);
  await say(machine, address, /Gateway/);
  await say(machine, "10.0.2.2", /Name servers/);
  await say(machine, "10.0.2.3", /VLAN/);
  await say(machine, "", says);
}

/** The console says what is wrong with an address, and leaves the network as it is. */
export async function refusesAddress(machine: Machine): Promise<void> {
  await setAddress(machine, "10.0.2.300/24", /Press any key to go on/);
  if (!/10\.0\.2\.300|address/i.test(machine.console)) throw new Error(machine.console);
  await goBack(machine);
}

/** The one that the machine had by DHCP: forwarded ports lead to it. */
export async function takesAddress(machine: Machine): Promise<void> {
  await setAddress(machine, "10.0.2.15/24", /Keep this network\?/);
  machine.forget();
  machine.type("y");
  await machine.shows(/Done\./, soonMs);
  await goBack(machine);
}

export async function takesTime(machine: Machine, zone: string, servers: string): Promise<void> {
  await choose(machine, "7", /leave\s+it\s+as\s+it\s+is\):/);
  await say(machine, zone, /leave\s+them\s+as\s+they\s+are\):/);
  await say(machine, servers, /Done\./);
  await goBack(machine);
}

export async function takesProxy(machine: Machine, address: string): Promise<void> {
  await choose(machine, "8", /leave\s+it\s+as\s+it\s+is\):/);
  await say(machine, address, /Done\./);
  await goBack(machine);
}

export async function takesName(machine: Machine): Promise<void> {
  await choose(machine, "3", /By which name/);
  await say(machine, "support.example.org", /The site has this name from now on[^]*Press any key/);
  machine.type("\n");
  await machine.shows(/Site +https:\/\/support\.example\.org\n/, soonMs);
}

/** Has a password made for one sign-in of an administrator; there is none for somebody else. */
export async function givesPassword(machine: Machine, name: string): Promise<string> {
  await choose(machine, "P", /Which administrator/);
  await say(machine, `not-${name}`, /No password was made\. There is no representative/);
  await goBack(machine);
  await choose(machine, "P", /Which administrator/);
  await say(machine, name, /Sign in with it at \/login[^]*Press any key/);
  const [, password = ""] = /Password +([A-Z0-9-]{29})\n/.exec(machine.console) ?? [];
  await goBack(machine);
  return password;
}

/** On both consoles, each of which has a language of its own. */
export async function speaksFrench(machine: Machine): Promise<void> {
  machine.forget();
  await machine.press("l");
  machine.type("L");
  await machine.shows(/SHA-256 du certificat/, soonMs);
  // The screen has what the serial line has, a few seconds sooner or later.
  await sleep(10_000);
  await machine.screenshot("appliance-console-french");
  machine.forget();
  machine.type("l");
  await machine.shows(/Press a key:/, soonMs);
}

/** What the console finds out of the machine: gigabytes, and the names of failed services. */
interface Diagnosis {
  readonly failed: string;
  readonly freeGb: number;
  /** What it says of the first gateway, which answers pings. */
  readonly gateway: string;
}

export async function diagnosis(machine: Machine): Promise<Diagnosis> {
  await choose(machine, "4", /Failed services *(.*)\n/);
  const [, free = "0"] = await machine.shows(/Room for data +([0-9.]+)G/, soonMs);
  const [, failed = ""] = await machine.shows(/Failed services *(.*)\n/, soonMs);
  await machine.shows(/Name or address to try/, soonMs);
  const [, gateway = ""] = /Gateway +\S+ +(.*)\n/.exec(machine.console) ?? [];
  await takesEnter(machine);
  return { failed, freeGb: Number(free), gateway };
}

/** The same on the screen and its keyboard, for a picture. */
export async function showDiagnosis(machine: Machine): Promise<void> {
  await machine.press("4");
  await sleep(30_000);
  await machine.screenshot("appliance-diagnosis");
  await machine.press("ret");
}

/** Tries a port of an address that somebody names. */
export async function reachesPort(machine: Machine, address: string, port: number): Promise<void> {
  await choose(machine, "4", /Name or address to try[^]*:/);
  await say(machine, `${address}:${port}`, new RegExp(`Port +${port} +works\n`));
  await goBack(machine);
}

/** It says what that means, and wants a word for it. */
export async function resetToNew(machine: Machine): Promise<void> {
  await choose(machine, "R", /Write RESET/);
  await say(machine, "reset", /Nothing has been changed/);
  await goBack(machine);
  await choose(machine, "R", /Write RESET/);
  machine.type("RESET\n");
  await machine.poweredOff();
}

export async function powerOff(machine: Machine): Promise<void> {
  await choose(machine, "6", /Power off\? \(y\/n\)/);
  machine.type("y");
  await machine.poweredOff();
}

/** Has a bundle offered where the server does not run; gives where it lies, as `/CODE`. */
export async function offersBundle(machine: Machine): Promise<string> {
  await choose(machine, "9", /Open one of these addresses[^]*\n/);
  const [, code = ""] = /Web address +https:\/\/\S+\/([A-Z0-9-]{19})\n/.exec(machine.console) ?? [];
  return `/${code}`;
}

/** There is none where the server starts, which may be an update's; with it the port would be gone. */
export async function offersNoBundleYet(machine: Machine): Promise<void> {
  await choose(machine, "9", /Only when it does\s+not run is the bundle offered here/);
  await goBack(machine);
}

/** Says, on the console that has not offered it, that it is offered, and gives it there as well. */
export async function joinsOffer(machine: Machine): Promise<string> {
  await machine.shows(/its support bundle is\s+offered meanwhile/, soonMs);
  return await offersBundle(machine);
}

/** Has none, and says why. */
export async function hasNoBundle(machine: Machine, because: RegExp): Promise<void> {
  await choose(machine, "9", /There is no bundle\.[^]*Press any key/);
  if (!because.test(machine.console.replace(/\s+/g, " "))) throw new Error(machine.console);
  await goBack(machine);
}

/** Ends the offer, after which the server is tried again. */
export async function takesBundleBack(machine: Machine): Promise<void> {
  await goBack(machine);
}
