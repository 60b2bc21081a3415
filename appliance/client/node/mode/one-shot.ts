import { parseSessionKey } from "@handrail/protocol";
import {
  type Credential,
  Session,
  type SessionEnd,
  type SessionPlace,
} from "../../core/session.ts";

/** How long the last words stay, ms; Stop or closing the window ends them sooner. */
const goodbyeMs = 4000;
const refusalMs = 60_000;

/**
 * The client that comes for one session: joins with the ticket it was given, or asks for a key
 * until one works, stays until the session is over, and says good-bye.
 */
export async function runOneShot(place: SessionPlace, ticket: string | undefined): Promise<void> {
  const end = ticket ? await run(place, { ticket }) : await runWithKey(place);
  if (end) await sayGoodbye(place, end);
}

/** Undefined when the customer gave up typing a key. */
async function runWithKey(place: SessionPlace): Promise<SessionEnd | undefined> {
  const { window, texts } = place;
  let error: string | undefined;
  for (;;) {
    const typed = await window.askKey(texts.key, error);
    if (typed === undefined) return undefined;
    const key = parseSessionKey(typed);
    if (!key) {
      error = texts.keyMalformed;
      continue;
    }
    const end = await run(place, { key });
    const isWrongKey = end.how === "refused" && end.code === "key-refused";
    if (!isWrongKey) return end;
    error = texts.keyRefused;
  }
}

async function run(place: SessionPlace, credential: Credential): Promise<SessionEnd> {
  using session = new Session(place, credential);
  session.start();
  return await session.ended;
}

async function sayGoodbye(place: SessionPlace, end: SessionEnd): Promise<void> {
  const { window, clock } = place;
  showLastWords(place, end);
  await new Promise<void>((resolve) => {
    const timer = clock.after(end.how === "ended" ? goodbyeMs : refusalMs, resolve);
    window.onStop(() => {
      timer[Symbol.dispose]();
      resolve();
    });
  });
}

function showLastWords({ window, texts, siteName }: SessionPlace, end: SessionEnd): void {
  const status = end.how === "ended" ? texts.goodbye[end.reason] : texts.refused(end.code);
  window.show({ siteName, representatives: [], status, allowed: [], recording: false });
}
