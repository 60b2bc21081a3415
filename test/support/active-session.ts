import type { Lsid } from "@handrail/protocol";
import {
  connectConsole,
  connectCustomer,
  type ConsoleEnd,
  type CustomerEnd,
  type CustomerFacts,
  type Probe,
} from "./party.ts";
import { poll } from "./poll.ts";
import type { Relay } from "./relay.ts";

/** A session that a representative has accepted. */
export interface ActiveSession {
  readonly representative: ConsoleEnd;
  readonly customer: CustomerEnd;
  readonly lsid: Lsid;
}

/** Begins a session between the representative of that name and a customer. */
export async function beginSession(
  relay: Relay,
  name = "ann",
  facts?: CustomerFacts,
): Promise<ActiveSession> {
  const representative = await connectConsole(relay.url, name);
  const { lsid, key } = await representative.key();
  const customer = await connectCustomer(relay.url, { key }, facts);
  await representative.call("session.accept", { lsid });
  return { representative, customer, lsid };
}

/** Asks for the screen and watches it; gives both ends of the stream. */
export async function watch(
  { customer, lsid }: ActiveSession,
  who: ConsoleEnd,
): Promise<{ screen: Probe; source: Probe }> {
  const before = customer.offered.length;
  await who.call("permission.request", { lsid, permission: "view" });
  const screen = await who.open("screen", lsid).opened();
  const source = await poll("the source is opened", () => customer.offered.slice(before).at(-1));
  return { screen, source };
}

/** Lets the representative have a first picture of the screen, and say so. */
export async function seePicture(session: ActiveSession): Promise<void> {
  const { screen, source } = await watch(session, session.representative);
  source.send("a picture");
  await screen.text("a picture");
  screen.send("taken");
}

/** Takes mouse and keyboard; gives both ends of the input. */
export async function takeControl(
  { customer, lsid }: ActiveSession,
  who: ConsoleEnd,
): Promise<{ input: Probe; keys: Probe }> {
  const before = customer.offered.length;
  await who.call("permission.request", { lsid, permission: "control" });
  await who.call("control.take", { lsid, force: false });
  const input = await who.open("input", lsid).opened();
  const keys = await poll("input is offered", () => customer.offered.slice(before).at(-1));
  return { input, keys };
}
