import path from "node:path";
import type { Permission } from "@handrail/protocol";
import { Appliance } from "../../support/appliance.ts";
import { CustomerClient, fingerprintAt, redeemAtPortal } from "../../support/customer-client.ts";
import type { Desktop } from "../../support/desktop.ts";
import { CustomerWindow, helpWindowTitle } from "../../support/help-window.ts";
import { type ConsoleEnd, connectConsole } from "../../support/party.ts";
import { root } from "../../support/root.ts";
import { accessToken } from "../../support/signed-in.ts";
import { Shaper } from "../../support/shaper.ts";
import { CountingProxy } from "../counting-proxy.ts";
import type { CustomerLine } from "./rig.ts";

type Lsid = Parameters<ConsoleEnd["open"]>[1];

/** Where the bundled customer client lies. */
export const builtClient = path.join(root, "dist/client/linux-x64");

/** How a customer's side is set up. */
export interface CustomerOptions {
  /** The line in front of the client; loopback when absent. */
  readonly line?: CustomerLine | undefined;
  /** The folder of the bundled client; the one that was built here when absent. */
  readonly clientFolder?: string | undefined;
  /** What the customer allows; to see and to control when absent. */
  readonly permissions?: readonly Permission[];
}

/** The real appliance and the real customer client, in a session that may be viewed and controlled. */
export interface CustomerSide {
  readonly ann: ConsoleEnd;
  readonly lsid: Lsid;
  readonly counter: CountingProxy;
  readonly clientPid: number;
}

/** Starts both and brings them as far as a representative who has control; `stack` ends them. */
export async function startCustomer(
  desktop: Desktop,
  { line, clientFolder = builtClient, permissions = ["view", "control"] }: CustomerOptions,
  stack: AsyncDisposableStack,
): Promise<CustomerSide> {
  const appliance = stack.use(await Appliance.start());
  await appliance.setUp();
  const ann = stack.use(await connectConsole(appliance.url, await accessToken(appliance)));
  const counter = stack.use(await CountingProxy.start(appliance.port));
  const port = line ? stack.use(await Shaper.start(counter.port, line)).port : counter.port;
  const { lsid, key } = await ann.key();
  const join = {
    site: `https://127.0.0.1:${port}`,
    fingerprint: await fingerprintAt(appliance.port),
    ticket: await redeemAtPortal(appliance, key),
  };
  const command = [path.join(root, "node_modules/.bin/node"), path.join(clientFolder, "app.mjs")];
  const client = stack.use(await CustomerClient.start(desktop, join, command));
  const window = await CustomerWindow.shown(desktop);
  await ann.hears("session.changed", ({ state }) => state === "waiting");
  await ann.call("session.accept", { lsid });
  for (const permission of permissions) await grant({ ann, window, lsid }, permission);
  await ann.call("control.take", { lsid, force: false });
  // The help window lies over the desktop work: what it hides would not be compared.
  await desktop.xdotool("search", "--name", helpWindowTitle, "windowmove", "1540", "20");
  return { ann, lsid, counter, clientPid: client.program.pid };
}

async function grant(
  { ann, window, lsid }: { ann: ConsoleEnd; window: CustomerWindow; lsid: Lsid },
  permission: Permission,
): Promise<void> {
  let isGranted = false;
  const asked = ann.call("permission.request", { lsid, permission }).then(({ granted }) => {
    isGranted = granted;
  });
  await window.allow(`${permission} is granted`, () => isGranted);
  await asked;
}
