import { parseSessionKey, type SurveyQuestion } from "@handrail/protocol";
import type { HelpSurvey } from "../../core/host.ts";
import type { Credential, SessionEnd, SessionPlace } from "../../core/session-place.ts";
import { Session } from "../../core/session.ts";
import type { Texts } from "../../core/texts.ts";
import { forTerminal } from "../terminal-text.ts";

/** How long the last words stay when nobody closes them, ms. */
const lastWordsMs = 10 * 60_000;

/** What the customer came with. */
export interface Invitation {
  readonly ticket: string | undefined;
  /** After a restart of the computer, instead of a ticket. */
  readonly returning: string | undefined;
  /** Name of the downloaded file that started this program, which works only once. */
  readonly starter: string | undefined;
}

/**
 * The client that comes for one session: joins with the ticket it was given, or asks for a key
 * until one works, stays until the session is over, and says good-bye.
 */
export async function runOneShot(place: SessionPlace, from: Invitation): Promise<void> {
  const { starter } = from;
  const credential = credentialOf(from);
  const over = credential ? await run(place, credential) : await runWithKey(place);
  if (!over) return;
  using session = over.session;
  // Who has come in its place has a window of its own, in which it goes on.
  if (over.end.how === "handed-over") return;
  await sayGoodbye(place, { session, end: over.end }, starter);
}

function credentialOf({ ticket, returning }: Invitation): Credential | undefined {
  if (returning) return { returning };
  return ticket ? { ticket } : undefined;
}

/** Undefined when the customer gave up typing a key. */
async function runWithKey(place: SessionPlace): Promise<Over | undefined> {
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
    const over = await run(place, { key });
    const isWrongKey = over.end.how === "refused" && over.end.code === "key-refused";
    if (!isWrongKey) return over;
    over.session[Symbol.dispose]();
    error = texts.keyRefused;
  }
}

/** A session that is over; its line may still be there for the answers to a survey. */
interface Over {
  readonly session: Session;
  readonly end: SessionEnd;
}

/** An end of which the customer is told. */
type FinalEnd = Exclude<SessionEnd, { how: "handed-over" }>;

async function run(place: SessionPlace, credential: Credential): Promise<Over> {
  const session = new Session(place, credential);
  session.start();
  return { session, end: await session.ended };
}

async function sayGoodbye(
  { window, clock, texts }: SessionPlace,
  { session, end }: { session: Session; end: FinalEnd },
  starter: string | undefined,
): Promise<void> {
  const words = lastWords(texts, end);
  // What goes on after a restart still needs nothing of the customer.
  const note = starter && end.how !== "restarting" ? texts.leftover(starter) : "";
  const late = Promise.withResolvers<true>();
  using limit = new DisposableStack();
  limit.use(clock.after(lastWordsMs, () => late.resolve(true)));
  const questions = end.how === "ended" ? (end.survey ?? []) : [];
  const shown = window.end(
    { ...words, note, closeLabel: texts.close, ...surveyOf(questions, texts) },
    (answers) => session.answerSurvey(answers),
  );
  if (await Promise.race([shown, late.promise])) return;
  // Without a display, whoever started it in a terminal may still read it there.
  process.stderr.write(`${forTerminal(`${words.title}. ${words.body}`, process.env)}\n`);
}

function surveyOf(
  questions: readonly SurveyQuestion[],
  { survey }: Texts,
): { survey?: HelpSurvey } {
  if (questions.length === 0) return {};
  const asked = questions.map(({ id, kind, text }) => ({ id, kind, text: survey.question(text) }));
  return { survey: { ...survey, questions: asked } };
}

function lastWords(texts: Texts, end: FinalEnd): { title: string; body: string } {
  if (end.how === "restarting") return texts.actions.restarting;
  if (end.how === "refused") return { title: texts.notConnected, body: texts.refused(end.code) };
  const { reason, by } = end;
  const { ended, endedBody } = texts;
  const title = reason === "representative" ? ended.representative(by) : ended[reason];
  return { title, body: endedBody };
}
