import {
  type applianceToCustomer,
  type Customer,
  type Hello,
  type Notice,
  protocolVersions,
  type SurveyQuestion,
} from "@handrail/protocol";
import type { ActionHost } from "./actions.ts";
import type { ChatFileHost } from "./chat-file/host.ts";
import type { Clock } from "./clock.ts";
import type { HelpWindow, InputSink, ScreenSource } from "./host.ts";
import type { LinkRefusal } from "./link.ts";
import type { Encoder } from "./surface/encoder.ts";
import type { SystemActor } from "./system-act.ts";
import type { Language, Texts } from "./texts.ts";
import type { ToolHosts } from "./tools.ts";
import type { Dial } from "./wire.ts";

/** What a session needs from the place it runs in. */
export interface SessionPlace {
  readonly clock: Clock;
  readonly random: () => number;
  readonly dial: Dial;
  readonly window: HelpWindow;
  readonly texts: Texts;
  /** Of the texts. */
  readonly language: Language;
  /** What the site is called before it has told its name. */
  readonly siteName: string;
  /** Files of the conversation; undefined: this computer gives and takes none. */
  readonly chatFiles?: ChatFileHost;
  readonly openScreen: () => ScreenSource;
  readonly openInput: () => InputSink;
  readonly openEncoder: () => Encoder;
  readonly tools: ToolHosts;
  readonly actions: ActionHost;
  /** See `SystemActor`. */
  readonly namesOf: SystemActor["namesOf"];
  readonly program: { name: string; version: string; platform: string };
  readonly customer: Customer;
  /** For the person who looks for a fault; never a secret. */
  readonly log: (event: string, fields?: Readonly<Record<string, string | number>>) => void;
}

/** What the customer proves itself with: a session key once, a ticket again and again. */
export type Credential = { key: string } | { ticket: string } | { returning: string };

/** What a client says first on each socket; `resume`: where it goes on with an earlier one. */
export function helloOf(
  { program, customer }: SessionPlace,
  credential: Credential,
  resume: Hello["resume"],
): Hello {
  return {
    ...{ role: "customer", versions: [...protocolVersions], program, credential, customer },
    ...(resume ? { resume } : {}),
  };
}

type EndReason = Notice<typeof applianceToCustomer, "session.ended">["reason"];

/** How a session ended for this client; `by`: the representative who was there, if it was one. */
export type SessionEnd =
  | { how: "restarting" }
  /** The same client goes on with an administrator's rights. */
  | { how: "handed-over" }
  | {
      how: "ended";
      reason: EndReason | "display-gone";
      by: string | undefined;
      /** What the customer is asked; `answerSurvey` takes the answers. */
      survey?: readonly SurveyQuestion[] | undefined;
    }
  | { how: "refused"; code: LinkRefusal };
