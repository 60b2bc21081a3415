import {
  type Channel,
  type CustomerPurpose,
  HandrailError,
  isTool,
  type OpenRequest,
  tools,
} from "@handrail/protocol";
import type { Askable } from "./askable.ts";
import type { ConsentDesk } from "./consent.ts";
import type { PolicyGate } from "./policy-gate.ts";
import { purposeOfRequest } from "./purpose-text.ts";
import type { ToolDesk, ToolReport } from "./tools.ts";

/** To be asked where the appliance did not ask, ms. */
export const askTimeoutMs = 60_000;

/** Somebody's use of a channel. `by`: the representative's name, who may have none. */
export interface ChannelUse {
  readonly kind: OpenRequest["kind"];
  readonly channel: Channel;
  readonly by: string;
}

/** What the door needs of the session that it belongs to. */
export interface DoorParts {
  readonly gate: PolicyGate;
  readonly consents: ConsentDesk;
  readonly tools: ToolDesk;
  readonly attachScreen: (channel: Channel) => void;
  readonly attachInput: (channel: Channel) => void;
  /** Whoever takes part, for a channel that does not say whose it is. */
  readonly representatives: () => string;
  /** Whether nobody can be asked now: there is no display. */
  readonly isUnseen: () => boolean;
  readonly reportOf: (use: ChannelUse) => ToolReport;
  /** A tool is used from now on. */
  readonly attached: (use: ChannelUse) => void;
  /** The customer has answered. */
  readonly answered: () => void;
}

/**
 * Channels that the appliance opens: each does what it is for once the customer allows it. Where the
 * appliance's policy did not ask, they are asked here: at this computer nothing is done without.
 */
export class ChannelDoor {
  readonly #parts: DoorParts;

  constructor(parts: DoorParts) {
    this.#parts = parts;
  }

  /** @throws HandrailError `customer-refused`, `unavailable` when nobody can be asked */
  opened(request: OpenRequest, channel: Channel): void {
    const { gate, isUnseen } = this.#parts;
    const { kind, by = "" } = request;
    const use = { kind, channel, by };
    const [permission, attach] = this.#wayOf(use, request.run);
    if (gate.may(permission)) return attach();
    if (isUnseen()) throw new HandrailError("unavailable", "no display");
    if (gate.state !== "active" || gate.consent(permission) !== "not-asked") {
      throw new HandrailError("customer-refused", `${permission} was not granted`);
    }
    void this.#askFirst({ permission, use, attach });
  }

  /** What an open channel needs, and what it then does. */
  #wayOf(use: ChannelUse, run: string | undefined): [Askable, () => void] {
    const { attachScreen, attachInput, attached, reportOf, tools: desk } = this.#parts;
    const { kind, channel, by } = use;
    if (kind === "screen") return ["view", () => attachScreen(channel)];
    if (!isTool(kind)) return ["control", () => attachInput(channel)];
    const attach = () => {
      desk.attach(kind, { channel, by, run, report: reportOf(use) });
      if (!channel.isGone) attached(use);
    };
    return [tools[kind].permission, attach];
  }

  async #askFirst({
    permission,
    use,
    attach,
  }: {
    permission: Askable;
    use: ChannelUse;
    attach: () => void;
  }): Promise<void> {
    const { gate, consents, representatives, answered } = this.#parts;
    const { channel, by } = use;
    const purpose = await this.#purposeOf(use);
    if (channel.isGone) return;
    const representative = by || representatives();
    await consents.askOwn({ permission, representative, purpose, timeoutMs: askTimeoutMs });
    answered();
    if (channel.isGone) return;
    if (gate.may(permission)) attach();
    else channel.reset("customer-refused", `${permission} was not granted`);
  }

  /** What a tool is wanted for first, where its first message says so. */
  async #purposeOf({ kind, channel }: ChannelUse): Promise<CustomerPurpose | undefined> {
    if (!isTool(kind)) return undefined;
    const first = this.#parts.tools.hold(channel);
    const request = kind === "system-act" ? await first : undefined;
    return request && purposeOfRequest(request);
  }
}
