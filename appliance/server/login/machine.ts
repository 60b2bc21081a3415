import { type ErrorCode, HandrailError } from "@handrail/protocol";
import {
  type MachineFault,
  networkSettingsShape,
  proxySettingsShape,
  sshFormShape,
  timeSettingsShape,
} from "@handrail/protocol/upkeep";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import type { BrowserSessions } from "../auth/browser-session.ts";
import type { SignIn } from "../auth/sign-in.ts";
import type { Clock } from "../clock.ts";
import { machineActs, type MachineDesk, type Wisher } from "../machine/machine-desk.ts";
import { machineFaultOf } from "../machine/settings-error.ts";
import { keyFingerprint } from "../machine/settings-text.ts";
import { Refusal } from "../refusal.ts";
import { administrator, read } from "./context.ts";
import { signInRefusal } from "./sign-in-refusal.ts";
import type { LiveCounts } from "./status.ts";

/** What the page of the machine rests on. */
export interface MachineOptions {
  readonly browserSessions: BrowserSessions;
  readonly clock: Clock;
  readonly live: Pick<LiveCounts, "clients">;
  readonly machineDesk: MachineDesk;
  readonly signIn: SignIn;
  /** Unix ms. */
  readonly startedAt: number;
}

const hostNameForm = z.strictObject({ hostName: z.string().max(253) });
const actForm = z.strictObject({ act: z.enum(machineActs) });

/**
 * The machine's settings, its restart and its end, for administrators. What the machine does not
 * take is refused with `machine-` and the fault as field.
 */
export function machineRoutes(app: FastifyInstance, options: MachineOptions): void {
  const { browserSessions, clock, live, machineDesk: desk, signIn, startedAt } = options;

  /**
   * GET machine → `{canRestart, hasSettings, customers, startedAt, now, state?, sshFingerprint?}`; `state` is
   * that of the protocol, absent where there is no such machine, or it does not answer.
   */
  app.get("/machine", async (request) => {
    await administrator(browserSessions, request);
    const { canRestart, hasSettings } = desk;
    const state = hasSettings ? await stateOf(desk) : undefined;
    const fingerprint = keyFingerprint(state?.ssh.authorisedKey ?? "");
    return {
      ...{ canRestart, hasSettings, customers: live.clients().customer },
      ...{ startedAt, now: clock.now() },
      ...(state ? { state } : {}),
      ...(fingerprint === "" ? {} : { sshFingerprint: fingerprint }),
    };
  });

  /** POST machine/act `{act}` → 202: restarts the server or the machine, or switches it off. */
  app.post("/machine/act", async (request, reply) => {
    const by = await author(request);
    await desk.act(read(actForm, request.body).act, by);
    return reply.status(202).send({});
  });

  const author = async (request: FastifyRequest): Promise<Wisher> => {
    const { account } = await administrator(browserSessions, request);
    return { who: account.displayName, whoId: account.id };
  };

  const confirm = async (request: FastifyRequest, password: string): Promise<void> => {
    const { account } = await administrator(browserSessions, request);
    const refused = await signIn.confirmPassword(account, { password, address: request.ip });
    if (refused) throw signInRefusal(refused, "password");
  };

  settingsRoutes(app, { desk, author, confirm });
}

/** `confirm`: who is signed in has given the password once more, or is refused. */
interface Settings {
  readonly desk: MachineDesk;
  readonly author: (request: FastifyRequest) => Promise<Wisher>;
  readonly confirm: (request: FastifyRequest, password: string) => Promise<void>;
}

/** All answer `{}`; what waits to be confirmed is in GET machine. */
function settingsRoutes(app: FastifyInstance, { desk, author, confirm }: Settings): void {
  const change = (
    method: "PATCH" | "POST",
    place: string,
    work: (body: unknown, by: Wisher, request: FastifyRequest) => Promise<void>,
  ) =>
    app.route({
      method,
      url: `/machine/${place}`,
      handler: async (request) => {
        const by = await author(request);
        if (!desk.hasSettings) throw new HandrailError("unavailable", "there is no such machine");
        await orRefusal(() => work(request.body, by, request));
        return {};
      },
    });

  /** PATCH machine/network `NetworkSettings`; the machine may answer elsewhere before this does. */
  change("PATCH", "network", (body, by) => desk.setNetwork(read(networkSettingsShape, body), by));
  /** POST machine/network/confirm, machine/network/undo; `conflict` when nothing waits. */
  change("POST", "network/confirm", (_body, by) => desk.confirmNetwork(by));
  change("POST", "network/undo", (_body, by) => desk.undoNetwork(by));
  /** PATCH machine/time `TimeSettings`. */
  change("PATCH", "time", (body, by) => desk.setTime(read(timeSettingsShape, body), by));
  /** PATCH machine/proxy `ProxySettings`. */
  change("PATCH", "proxy", (body, by) => desk.setProxy(read(proxySettingsShape, body), by));
  /** PATCH machine/ssh `{authorisedKey, password?}`; `password-wrong` unless SSH goes off. */
  change("PATCH", "ssh", async (body, by, request) => {
    const { password = "", ...ssh } = read(sshFormShape, body);
    if (ssh.authorisedKey.trim() !== "") await confirm(request, password);
    await desk.setSsh(ssh, by);
  });
  /** PATCH machine/host-name `{hostName}`. */
  change("PATCH", "host-name", (body, by) =>
    desk.setHostName(read(hostNameForm, body).hostName, by),
  );
}

/** A machine that says nothing of its settings can be started anew all the same. */
async function stateOf(desk: MachineDesk) {
  return desk.state().catch((error: unknown) => {
    if (machineFaultOf(error) || error instanceof HandrailError) return undefined;
    throw error;
  });
}

async function orRefusal(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const fault = machineFaultOf(error);
    if (fault === undefined) throw error;
    const about = { field: `machine-${fault}`, cause: error };
    throw new Refusal(codeOf(fault), `the machine does not take it: ${fault}`, about);
  }
}

function codeOf(fault: MachineFault): ErrorCode {
  if (fault === "nothing-to-confirm" || fault === "address-taken") return "conflict";
  return fault === "failed" ? "internal" : "bad-request";
}
