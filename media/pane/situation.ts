import type { ErrorCode } from "@handrail/protocol";
import type { SessionPaneState } from "./contract.ts";
import type { Texts } from "./texts.ts";
import { durationText } from "./time.ts";

/** What the pane knows of its picture. */
export interface PictureState {
  readonly isShown: boolean;
  /** Why there is no stream, when the host said so or decoding gave up. */
  readonly closed: ErrorCode | undefined;
}

/** How a question was refused: by an answer, by letting it pass, or since nobody could see it. */
export type Refusal = "no" | "no answer" | "customer away";

/** What the person may do about a situation. */
export type SituationAction =
  "accept" | "ask-view" | "retry" | "close-tab" | "open-recording" | "chat";

/** Why the screen is not simply there: shown over it, with what to do next. */
export interface Situation {
  readonly kind: string;
  readonly title: string;
  readonly text: string;
  readonly isBusy: boolean;
  /** Whether the last picture stays visible behind it. */
  readonly keepsPicture: boolean;
  readonly actions: readonly SituationAction[];
}

/** The one thing to say now, most important first; undefined when the screen is there. */
export function situationOf(
  state: SessionPaneState,
  picture: PictureState,
  texts: Texts,
  viewRefusal: Refusal = "no",
): Situation | undefined {
  return (
    aboutSession(state, texts) ??
    aboutView(state, viewRefusal, texts) ??
    aboutPicture(picture, texts)
  );
}

function aboutSession(state: SessionPaneState, texts: Texts): Situation | undefined {
  const { session, connection } = state;
  const customer = session.customer.name;
  if (session.state === "ended") {
    const lastedMs = (session.endedAt ?? Date.now()) - (session.acceptedAt ?? session.createdAt);
    const lasted = texts.endedText(durationText(lastedMs));
    // Out of sight without having ended: given away, or taken over.
    if (session.endedAt === undefined) {
      return situation("left", texts.left, texts.leftText, { actions: ["close-tab"] });
    }
    const text = [endedBy(state, texts), lasted].filter((each) => each !== "").join(" ");
    return situation("ended", texts.ended, text, {
      actions: session.recording === "off" ? ["close-tab"] : ["open-recording", "close-tab"],
    });
  }
  if (connection === "signed-out") {
    return signedOut(state, texts);
  }
  if (connection === "reconnecting") {
    return situation("reconnecting", texts.reconnecting, texts.reconnectingText, {
      isBusy: true,
      keepsPicture: true,
    });
  }
  if (session.state === "waiting") {
    return situation("waiting", texts.waiting, texts.waitingText(customer), {
      actions: ["accept"],
    });
  }
  if (!session.customerConnected && session.returnsUntil !== undefined) {
    return situation("restarting", texts.restarting(customer), texts.restartingText, {
      isBusy: true,
    });
  }
  if (!session.customerConnected) {
    return situation("paused", texts.paused(customer), texts.pausedText, {
      isBusy: true,
      keepsPicture: true,
      actions: ["chat"],
    });
  }
  return session.screenFault === "display-gone"
    ? situation("screen-gone", texts.screenGone, texts.screenGoneText, { isBusy: true })
    : undefined;
}

/** What the customer is being asked for besides seeing the screen; undefined: nothing. */
export function askingText(
  { session, asking, connection }: SessionPaneState,
  texts: Texts,
): string | undefined {
  const isLive = session.state === "active" && connection === "connected";
  // The screen has its own card, mouse and keyboard their place in the toolbar.
  const wanted = asking.filter((each) => each !== "view" && each !== "control");
  if (!isLive || wanted.length === 0) return undefined;
  const names = wanted.map((permission) => texts.permission[permission]).join(", ");
  return texts.askingFor(session.customer.name, names);
}

/** Signing in again helps only where nothing else was the reason. */
function signedOut({ refusal }: SessionPaneState, texts: Texts): Situation {
  switch (refusal) {
    case "account-disabled":
      return situation("disabled", texts.accountDisabled, texts.accountDisabledText, {});
    case "link-replaced":
      return situation("replaced", texts.replaced, texts.replacedText, { actions: ["close-tab"] });
    default:
      return situation("signed-out", texts.signedOut, texts.signedOutText, {});
  }
}

/** Who ended the session, in a sentence; empty where the appliance does not say. */
function endedBy({ session, me }: SessionPaneState, texts: Texts): string {
  const { end, customer, participants } = session;
  switch (end?.reason) {
    case "customer":
      return texts.endedByCustomer(customer.name);
    case "representative": {
      const namesakes = participants.filter(({ name }) => name === end.by);
      const isMe = end.by === me.name && namesakes.every(({ id }) => id === me.id);
      return isMe ? texts.endedByYou : texts.endedBy(end.by);
    }
    case "orphaned":
      return texts.endedOrphaned;
    case "closed":
      return texts.endedByAppliance;
    case undefined:
      return "";
  }
}

function aboutView(
  state: SessionPaneState,
  viewRefusal: Refusal,
  texts: Texts,
): Situation | undefined {
  const { session, asking } = state;
  const customer = session.customer.name;
  const view = session.permissions.view;
  if (view === "granted") return undefined;
  if (view === "asked" || asking.includes("view")) {
    return situation("asking", texts.asking(customer), texts.askingView, { isBusy: true });
  }
  const askAgain = { actions: ["ask-view", "chat"] } as const;
  switch (view) {
    case "denied":
      return situation("denied", texts.denied, texts.deniedText, { actions: ["chat"] });
    case "refused": {
      const title = texts.viewRefusal[viewRefusal](customer);
      return situation("refused", title, texts.refusedViewText, askAgain);
    }
    case "revoked":
      return situation("revoked", texts.revokedView(customer), texts.refusedViewText, askAgain);
    case "not-asked":
      return situation("not-asked", texts.notAsked, texts.notAskedText(customer), askAgain);
  }
}

function aboutPicture(picture: PictureState, texts: Texts): Situation | undefined {
  if (picture.closed !== undefined) {
    return situation("failed", texts.streamFailed, picture.closed, {
      actions: ["retry"],
      keepsPicture: picture.isShown,
    });
  }
  if (picture.isShown) return undefined;
  return situation("starting", texts.starting, "", { isBusy: true });
}

function situation(
  kind: string,
  title: string,
  text: string,
  more: Partial<Pick<Situation, "isBusy" | "keepsPicture" | "actions">>,
): Situation {
  return { kind, title, text, isBusy: false, keepsPicture: false, actions: [], ...more };
}
