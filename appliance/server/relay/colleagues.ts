import {
  type ColleagueAsk,
  type ColleagueQuestion,
  type ColleagueQuestionKey,
  HandrailError,
  type RepresentativeId,
  type UnixMs,
} from "@handrail/protocol";
import type { Account } from "../auth/account.ts";
import type { Control } from "./control.ts";
import type { Membership } from "./membership.ts";
import type { Session } from "./session.ts";

/** How long a colleague has to answer, ms; no answer means no. */
export const colleagueAnswerMs = {
  join: 60_000,
  watch: 60_000,
  control: 30_000,
  "take-part": 30_000,
} as const;

/** How a no is written down. */
const declined: Readonly<Record<ColleagueAsk, string>> = {
  join: "session.declined",
  watch: "session.declined",
  control: "control.declined",
  "take-part": "session.part-declined",
};

/** `withdrawn`: what was asked for is no longer to be had, or who asked is no longer there. */
type Answer = "yes" | "no" | "no answer" | "withdrawn";

interface Question {
  readonly ask: ColleagueAsk;
  readonly from: Account;
  readonly to: RepresentativeId;
  readonly askedAt: UnixMs;
  readonly settle: (answer: Answer) => void;
  readonly answer: Promise<Answer>;
}

/**
 * What representatives ask of each other in a session: to take part in it, and to hand over mouse
 * and keyboard. Nobody is put into a session unasked. Questions are not kept over a restart.
 */
export class Colleagues {
  readonly #session: Session;
  readonly #members: Membership;
  readonly #control: Control;
  readonly #open = new Set<Question>();

  constructor(session: Session, members: Membership, control: Control) {
    this.#session = session;
    this.#members = members;
    this.#control = control;
  }

  /**
   * Asks a colleague in, who takes part if they agree. Resolves when they have answered. One who is
   * there already, and only watches, takes part from now on: that is what they were asked for.
   * @throws HandrailError as `Membership.mayShare`; `conflict` while they are being asked
   */
  async invite(id: RepresentativeId, guest: RepresentativeId, observer: boolean): Promise<void> {
    const session = this.#session;
    const ask = observer ? "watch" : "join";
    if (!observer && session.roleOf(guest) === "observer") {
      return session.turn(() => this.#members.promote(id, guest));
    }
    const question = await session.turn(async () => {
      const { account, member } = await this.#members.mayShare(id, guest, observer);
      const detail = { with: member.name, observer };
      await session.commit({ event: "session.invited", by: account, detail });
      return this.#put({ ask, from: account, to: guest });
    });
    await question.answer;
  }

  /**
   * Asks whoever has mouse and keyboard to hand them over. Resolves to whether they were.
   * @throws HandrailError `conflict` when no colleague has them; as `Session.check`
   */
  async askControl(id: RepresentativeId): Promise<boolean> {
    const session = this.#session;
    const question = await session.turn(async () => {
      const from = await session.check("control", id);
      const holder = session.record.participants.find(
        (each) => each.id === session.record.controller && each.id !== id,
      );
      if (!holder) throw new HandrailError("conflict", "no colleague has mouse and keyboard");
      const detail = { holder: holder.name };
      await session.commit({ event: "control.asked", by: from, detail });
      return this.#put({ ask: "control", from, to: holder.id });
    });
    return (await question.answer) === "yes";
  }

  /**
   * Who only watches asks whoever may ask colleagues in to take part. Resolves to whether they do.
   * @throws HandrailError `conflict` for who does more than watch, `nobody-there`
   */
  async askPart(id: RepresentativeId): Promise<boolean> {
    const session = this.#session;
    const question = await session.turn(async () => {
      const from = await session.account(id);
      if (session.roleOf(id) !== "observer") {
        throw new HandrailError("conflict", "only who watches asks to take part");
      }
      const host = session.record.participants.find(
        (each) => session.site.isReachable(each.id) && this.#mayShare(each.id),
      );
      if (!host) throw new HandrailError("nobody-there", "no colleague may ask anybody in");
      const detail = { representative: host.name };
      await session.commit({ event: "session.part-asked", by: from, detail });
      return this.#put({ ask: "take-part", from, to: host.id });
    });
    return (await question.answer) === "yes";
  }

  /**
   * The answer of the one who was asked. When it is a yes, it has been done.
   * @throws HandrailError `not-found` for a question that is not open, and why it cannot be done
   */
  async answer(id: RepresentativeId, key: ColleagueQuestionKey, isYes: boolean): Promise<void> {
    const question = this.#find(id, key);
    if (!question) throw new HandrailError("not-found", "no such question");
    if (!isYes) return this.#refuse(question, "no");
    try {
      await this.#session.turn(() => this.#do(question));
    } catch (error) {
      question.settle("withdrawn");
      throw error;
    }
    question.settle("yes");
  }

  /** What a representative is being asked. */
  questionsFor(id: RepresentativeId): ColleagueQuestion[] {
    return [...this.#open].filter(({ to }) => to === id).map((each) => this.#view(each));
  }

  /** Withdraws what is no longer to be had. */
  enforce(): void {
    for (const question of [...this.#open]) {
      if (!this.#isStillAsked(question) && this.#open.delete(question)) {
        question.settle("withdrawn");
      }
    }
  }

  async #do(question: Question): Promise<void> {
    const { ask, from, to } = question;
    // From here on it is not withdrawn because of what is done.
    if (!this.#open.delete(question)) throw new HandrailError("not-found", "it was withdrawn");
    if (ask === "control") await this.#control.handOver(to, from.id);
    else if (ask === "take-part") await this.#members.promote(to, from.id);
    else await this.#members.share(from.id, to, ask === "watch");
  }

  #isStillAsked({ ask, from, to }: Question): boolean {
    const { record } = this.#session;
    if (ask === "control") {
      return record.controller === to && this.#session.roleOf(from.id) === "representative";
    }
    if (ask === "take-part") {
      return this.#session.roleOf(from.id) === "observer" && this.#mayShare(to);
    }
    return this.#mayShare(from.id);
  }

  #mayShare(id: RepresentativeId): boolean {
    return this.#session.refusal("share", id) === undefined;
  }

  #find(to: RepresentativeId, { ask, from }: ColleagueQuestionKey): Question | undefined {
    return [...this.#open].find(
      (each) => each.to === to && each.ask === ask && each.from.id === from,
    );
  }

  #put({ ask, from, to }: Pick<Question, "ask" | "from" | "to">): Question {
    const { site, lsid } = this.#session;
    if ([...this.#open].some((each) => each.to === to && each.from.id === from.id)) {
      throw new HandrailError("conflict", "they are being asked already");
    }
    const { promise: answer, resolve: settle } = Promise.withResolvers<Answer>();
    const question: Question = { ask, from, to, askedAt: site.clock.now(), settle, answer };
    this.#open.add(question);
    site.tell([to], "colleague.asked", this.#view(question));
    const timer = site.clock.after(colleagueAnswerMs[ask], () => {
      void this.#refuse(question, "no answer");
    });
    void answer.then(() => {
      timer[Symbol.dispose]();
      site.tell([to], "colleague.settled", { lsid, ask, from: from.id });
    });
    // What is asked for may have gone while the question was written down.
    this.enforce();
    return question;
  }

  /** Resolves when it is written; whoever asked is not kept waiting by a full disk. */
  async #refuse(question: Question, because: "no" | "no answer"): Promise<void> {
    if (!this.#open.delete(question)) return;
    question.settle(because);
    const { ask, from, to } = question;
    const session = this.#session;
    const asked = await session.site.account(to);
    if (!asked || session.state === "ended") return;
    const event = declined[ask];
    const detail = { representative: from.displayName, because };
    await session.narrowed({ event, by: asked, detail });
  }

  #view({ ask, from, askedAt }: Question): ColleagueQuestion {
    const { lsid, record } = this.#session;
    const { customer } = record;
    return { lsid, ask, from: from.id, name: from.displayName, customer, askedAt };
  }
}
