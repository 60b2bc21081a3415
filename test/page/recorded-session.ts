import { readFile } from "node:fs/promises";
import { type Lsid, shellConsoleMessage, shellCustomerMessage } from "@handrail/protocol";
import { z } from "zod";
import type { Appliance } from "../support/appliance.ts";
import {
  type ConsoleEnd,
  connectConsole,
  connectCustomer,
  type CustomerEnd,
  type Probe,
} from "../support/party.ts";
import { poll } from "../support/poll.ts";
import { Picture, SurfaceWriter } from "../unit/media/surface-writer.ts";

/** The colour, 0xRRGGBB, that the whole recorded screen has at the end. */
export const lastColor = 0x1e90ff;

const size = { width: 320, height: 200 };
const whole = { x: 0, y: 0, ...size };

/** Signs a console in by a credential that the administrator made. */
export async function signInConsole(appliance: Appliance, name: string): Promise<ConsoleEnd> {
  const file = await readFile(await appliance.consoleCredential(name), "utf8");
  const { credential } = z.object({ credential: z.string() }).parse(JSON.parse(file));
  const form = new URLSearchParams({
    grant_type: "urn:handrail:grant:console-credential",
    client_id: "handrail-console",
    credential,
  });
  const answer = await appliance.ask("/oauth/token", { form: form.toString() });
  const { access_token } = z.object({ access_token: z.string() }).parse(JSON.parse(answer.text));
  return connectConsole(appliance.url, access_token);
}

/** A session that goes on. */
export interface Ongoing extends AsyncDisposable {
  readonly representative: ConsoleEnd;
  readonly customer: CustomerEnd;
  readonly lsid: Lsid;
}

/** Begins a session between that representative and a customer who agrees to everything. */
export async function beginSession(appliance: Appliance, name: string): Promise<Ongoing> {
  await using stack = new AsyncDisposableStack();
  const representative = stack.use(await signInConsole(appliance, name));
  const { lsid, key } = await representative.key();
  const customer = stack.use(await connectCustomer(appliance.url, { key }));
  await representative.call("session.accept", { lsid });
  const moved = stack.move();
  const dispose = () => moved.disposeAsync();
  return { representative, customer, lsid, [Symbol.asyncDispose]: dispose };
}

/**
 * A session from key to end between that representative and a customer, with two lines of chat and
 * a recorded screen that is first green and then blue.
 */
export async function recordSession(appliance: Appliance, name: string): Promise<Lsid> {
  await using session = await beginSession(appliance, name);
  const { customer, lsid, representative } = session;
  await representative.call("permission.request", { lsid, permission: "view" });
  const screen = await representative.open("screen", lsid).opened();
  const source = await poll("the source is opened", () => customer.offered[0]);
  await show(source, screen);
  await representative.call("chat.send", { lsid, text: "Does it print now?" });
  await customer.call("chat.send", { text: "Yes, thank you <b>!</b>" });
  await representative.call("session.end", { lsid });
  await customer.hears("session.ended");
  return lsid;
}

/** A shell in that session that shows this, and is recorded. */
export async function recordShell(
  { representative, customer, lsid }: Ongoing,
  output: string,
): Promise<void> {
  await representative.call("permission.request", { lsid, permission: "shell" });
  const before = customer.offered.length;
  const near = await representative.open("shell", lsid).opened();
  const far = await poll("the shell is offered", () => customer.offered.slice(before).at(-1));
  near.send(shellConsoleMessage.encode({ type: "start", columns: 80, rows: 12 }));
  await poll("the shell is asked for", () => far.messages.length > 0);
  const started = { type: "started", shell: 1, program: "/bin/bash", isElevated: false } as const;
  far.send(shellCustomerMessage.encode(started));
  const bytes = Uint8Array.from(new TextEncoder().encode(output));
  far.send(shellCustomerMessage.encode({ type: "output", bytes }));
  await poll("it is shown", () => near.messages.length >= 2);
  near.channel.close();
  await far.end();
}

async function show(source: Probe, screen: Probe): Promise<void> {
  const writer = new SurfaceWriter();
  const picture = new Picture(size.width, size.height);
  source.send(writer.epoch(size));
  for (const color of [0x2e8b57, lastColor]) {
    picture.fill(whole, () => color);
    source.send(await writer.update(picture, [whole]));
  }
  await poll("the picture arrives", () => screen.messages.length === 3);
}
