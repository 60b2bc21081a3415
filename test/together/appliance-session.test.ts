import { readFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { systemClock } from "../../appliance/server/clock.ts";
import { createLog } from "../../appliance/server/log.ts";
import { AuditLog } from "../../appliance/server/store/audit.ts";
import { openStore } from "../../appliance/server/store/database.ts";
import { Appliance } from "../support/appliance.ts";
import { connectConsole, connectCustomer, type ConsoleEnd } from "../support/party.ts";
import { poll } from "../support/poll.ts";

const credentialShape = z.object({ credential: z.string() });
const tokenShape = z.object({ access_token: z.string() });

/** An access token, as a console that an administrator has deployed gets it. */
async function signIn(appliance: Appliance): Promise<string> {
  const file = await appliance.consoleCredential();
  const { credential } = credentialShape.parse(JSON.parse(await readFile(file, "utf8")));
  const form = new URLSearchParams({
    grant_type: "urn:handrail:grant:console-credential",
    client_id: "handrail-console",
    credential,
  });
  const answer = await appliance.ask("/oauth/token", { form: form.toString() });
  return tokenShape.parse(JSON.parse(answer.text)).access_token;
}

describe("the appliance as it is installed", () => {
  it("carries a session, survives a kill in the middle, and proves its audit log", async () => {
    await using first = await Appliance.start();
    await first.setUp();
    const ann = await connectConsole(first.url, await signIn(first));
    const { lsid, key } = await ann.key();
    const customer = await connectCustomer(first.url, { key });
    await ann.call("session.accept", { lsid });
    await ann.call("permission.request", { lsid, permission: "view" });
    const screen = await ann.open("screen", lsid).opened();
    const source = await poll("the source is opened", () => customer.offered[0]);
    source.send("picture");
    await screen.text("picture");
    const said = await ann.call("chat.send", { lsid, text: "said before the kill" });
    first.program.signal("SIGUSR2");
    const warning = { afterMs: 30_000 };
    expect(await ann.hears("appliance.restarting")).toEqual(warning);
    expect(await customer.hears("appliance.restarting")).toEqual(warning);
    first.program.signal("SIGKILL");
    await first.program.ended();

    const { dataDirectory } = first;
    await using second = await Appliance.start({ dataDirectory });
    const again = await connectConsole(second.url, await signIn(second));
    const { sessions } = await again.call("overview", {});
    expect(sessions).toMatchObject([{ lsid, state: "active" }]);
    const back = await connectCustomer(second.url, { ticket: customer.ticket });
    const { chat, events } = await again.call("session.history", { lsid });
    expect(chat).toEqual([said]);
    expect(events.map(({ event }) => event)).toContain("screen.watched");
    await back.call("session.stop", {});
    await again.hears("session.gone", (gone) => gone.lsid === lsid);
    expect(await second.command("verify")).toContain("intact");
  });

  it("has on the disk what was given up, left, ended and stopped, once it is answered", async () => {
    await using appliance = await Appliance.start();
    await appliance.setUp();
    const ann = await connectConsole(appliance.url, await signIn(appliance));
    const released = await begin(appliance, ann);
    const left = await begin(appliance, ann);
    const ended = await begin(appliance, ann);
    const stopped = await begin(appliance, ann);
    const { lsid } = released;
    await ann.call("permission.request", { lsid, permission: "control" });
    await ann.call("control.take", { lsid, force: false });
    await Promise.all([
      ann.call("control.release", { lsid }),
      ann.call("session.leave", { lsid: left.lsid }),
      ann.call("session.end", { lsid: ended.lsid }),
      stopped.customer.call("session.stop", {}),
    ]);
    appliance.program.signal("SIGKILL");
    await appliance.program.ended();

    using store = openStore(path.join(appliance.dataDirectory, "handrail.sqlite"), systemClock);
    using audit = new AuditLog({ store, clock: systemClock, log: createLog("error", () => {}) });
    const eventsOf = (session: Begun) => audit.ofSession(session.lsid).map(({ event }) => event);
    expect(eventsOf(released)).toContain("control.released");
    expect(eventsOf(left)).toContain("session.left");
    expect(eventsOf(ended)).toContain("session.ended");
    expect(eventsOf(stopped)).toContain("session.ended");
  });
});

type Begun = Awaited<ReturnType<typeof begin>>;

/** A session of that console with a customer of its own. */
async function begin({ url }: Appliance, console: ConsoleEnd) {
  const { lsid, key } = await console.key();
  const customer = await connectCustomer(url, { key });
  await console.call("session.accept", { lsid });
  return { lsid, customer };
}
