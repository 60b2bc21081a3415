import type { UnixMs } from "@handrail/protocol";
import type { MailState } from "@handrail/protocol/upkeep";
import { z } from "zod";
import type { LineFault } from "../line/line-error.ts";
import type { ApplianceValues } from "../store/appliance-values.ts";
import { json } from "../store/row.ts";
import type { Letter } from "./letter.ts";
import { type SendTrouble, troubleShape } from "./mail-error.ts";

const waitingPrefix = "mail-letter:";
const lastSentName = "mail-last-sent";
const givenUpName = "mail-given-up";

const waitingShape = z.object({
  id: z.string(),
  to: z.string(),
  subject: z.string(),
  text: z.string(),
  madeAt: z.number(),
  nextAt: z.number(),
  /** How often it was tried in vain, since when, and why. */
  tries: z.number(),
  failingSince: z.number().optional(),
  trouble: troubleShape.optional(),
});
/** A letter that waits to be sent. Times in Unix ms. */
export type WaitingLetter = z.infer<typeof waitingShape>;

const givenUpShape = troubleShape.extend({ to: z.string(), at: z.number() });
const storedWaiting = json(waitingShape);
const storedGivenUp = json(givenUpShape);

const firstRetryMs = 60_000;
const longestRetryMs = 3_600_000;
/** What is older than that is no news any more. */
const newsForMs = 2 * 86_400_000;

/** The letters that wait, in the database: a restart forgets none. Writes are the caller's transaction. */
export class Outbox {
  readonly #values: ApplianceValues;

  constructor(values: ApplianceValues) {
    this.#values = values;
  }

  /** In the order in which they were made. */
  get waiting(): WaitingLetter[] {
    const kept = this.#values.list(waitingPrefix).flatMap(({ value }) => {
      const read = storedWaiting.safeParse(value.toString());
      return read.success ? [read.data] : [];
    });
    return kept.toSorted((a, b) => a.madeAt - b.madeAt || (a.id < b.id ? -1 : 1));
  }

  get state(): MailState<LineFault> {
    const { waiting } = this;
    const stuck = waiting.find(({ trouble }) => trouble !== undefined);
    const lastSentAt = Number(this.#values.read(lastSentName)?.toString() ?? 0);
    const givenUp = storedGivenUp.safeParse(this.#values.read(givenUpName)?.toString()).data;
    return {
      waiting: waiting.length,
      ...(lastSentAt === 0 ? {} : { lastSentAt }),
      ...(stuck?.trouble
        ? {
            trouble: {
              ...stuck.trouble,
              to: stuck.to,
              since: stuck.failingSince ?? stuck.madeAt,
              nextAt: stuck.nextAt,
            },
          }
        : {}),
      ...(givenUp ? { givenUp } : {}),
    };
  }

  put(letter: Letter, now: UnixMs): void {
    this.#keep({ ...letter, madeAt: now, nextAt: now, tries: 0 });
  }

  sent({ id, to }: WaitingLetter, now: UnixMs): void {
    this.#values.remove(waitingPrefix + id);
    this.#values.write(lastSentName, Buffer.from(String(now)));
    const givenUp = storedGivenUp.safeParse(this.#values.read(givenUpName)?.toString()).data;
    if (givenUp?.to === to) this.#values.remove(givenUpName);
  }

  /** Tries it again later: after a minute, then twice as long each time, at most an hour. */
  postpone(letter: WaitingLetter, trouble: SendTrouble, now: UnixMs): void {
    if (!this.#isKept(letter)) return;
    const delayMs = Math.min(firstRetryMs * 2 ** letter.tries, longestRetryMs);
    const failingSince = letter.failingSince ?? now;
    const tries = letter.tries + 1;
    this.#keep({ ...letter, tries, failingSince, trouble, nextAt: now + delayMs });
  }

  giveUp(letter: WaitingLetter, trouble: SendTrouble, now: UnixMs): void {
    if (!this.#isKept(letter)) return;
    const { id, to } = letter;
    this.#values.remove(waitingPrefix + id);
    const kept = JSON.stringify({ ...trouble, to, at: now });
    this.#values.write(givenUpName, Buffer.from(kept));
  }

  /** Whether nobody would be served by it any more. */
  isStale({ madeAt }: WaitingLetter, now: UnixMs): boolean {
    return now - madeAt > newsForMs;
  }

  /** Tries at once what waits, as after a change; letters to nobody of these are forgotten. */
  review(addressees: readonly string[], now: UnixMs): void {
    this.#values.remove(givenUpName);
    for (const letter of this.waiting) {
      if (addressees.includes(letter.to)) this.#keep({ ...letter, nextAt: now, tries: 0 });
      else this.#values.remove(waitingPrefix + letter.id);
    }
  }

  /** Whether nobody has forgotten it while it was on its way. */
  #isKept({ id }: WaitingLetter): boolean {
    return this.#values.read(waitingPrefix + id) !== undefined;
  }

  #keep(letter: WaitingLetter): void {
    this.#values.write(waitingPrefix + letter.id, Buffer.from(JSON.stringify(letter)));
  }
}
