import { isRepresentativeId, type RepresentativeId, type UnixMs } from "@handrail/protocol";
import { z } from "zod";
import type { Clock } from "../clock.ts";
import type { ApplianceValues } from "../store/appliance-values.ts";
import type { AuditLog } from "../store/audit.ts";
import { json } from "../store/row.ts";
import { networkOf } from "./attempts.ts";
import { hashSecret } from "./secret.ts";

/** So long refusals of one address and account are counted before there is another row, ms. */
export const refusalSpanMs = 15 * 60_000;
/** From so many addresses at a time; those of all others are counted together. */
const maxAddresses = 200;
const sweepEveryMs = 60_000;
const prefix = "refused-sign-in:";

/** A sign-in that was refused. */
export interface RefusedSignIn {
  /** The name of the account, or "unknown". */
  readonly who: string;
  readonly whoId: RepresentativeId | undefined;
  readonly address: string;
  readonly code: string;
}

const spanShape = json(
  z.object({
    who: z.string(),
    whoId: z.string().refine(isRepresentativeId).optional(),
    /** Undefined: of many. */
    address: z.string().optional(),
    code: z.string(),
    beganAt: z.number(),
    /** How many have come since the row with which it began, the first and last of them when. */
    times: z.number(),
    firstAt: z.number(),
    lastAt: z.number(),
  }),
);
type Span = z.infer<typeof spanShape>;

/**
 * Writes refused sign-ins to the audit log without letting whoever tries passwords fill the disk:
 * the first of an address and account has a row of its own at once, what follows within a quarter of
 * an hour is counted and becomes one row more. The counts are on the disk as well, so that nothing is
 * forgotten by a restart. Beyond 200 addresses at a time those of an account are counted together.
 */
export class Refusals implements Disposable {
  readonly #values: ApplianceValues;
  readonly #audit: AuditLog;
  readonly #clock: Clock;
  readonly #spans: Map<string, Span>;
  #sweeping: Disposable;

  constructor(options: { values: ApplianceValues; audit: AuditLog; clock: Clock }) {
    this.#values = options.values;
    this.#audit = options.audit;
    this.#clock = options.clock;
    this.#spans = storedSpans(options.values);
    this.#sweeping = this.#sweepLater();
  }

  /** Resolves when the fact is on the disk. @throws HandrailError `disk-full` */
  async note(refused: RefusedSignIn): Promise<void> {
    const now = this.#clock.now();
    const name = this.#nameOf(refused);
    const span = this.#spans.get(name);
    if (span && !isOver(span, now)) return this.#count(name, span, now);
    if (span) this.#close(name, span);
    await this.#begin(name, refused, now);
  }

  /** Somebody came in from there after all: what was counted is written down before that. */
  settle({ address, whoId }: Pick<RefusedSignIn, "address" | "whoId">): void {
    const network = networkOf(address);
    for (const [name, span] of [...this.#spans]) {
      const isFromThere = span.address !== undefined && networkOf(span.address) === network;
      if (isFromThere && span.whoId === whoId) this.#close(name, span);
    }
  }

  [Symbol.dispose](): void {
    this.#sweeping[Symbol.dispose]();
  }

  #nameOf({ whoId, address, code }: RefusedSignIn): string {
    const nameFor = (place: string) => prefix + hashSecret(`${code} ${whoId ?? ""} ${place}`);
    const own = nameFor(networkOf(address));
    const isFull = this.#spans.size >= maxAddresses && !this.#spans.has(own);
    return isFull ? nameFor("elsewhere") : own;
  }

  async #begin(name: string, refused: RefusedSignIn, now: UnixMs): Promise<void> {
    const { who, whoId, address, code } = refused;
    const isElsewhere = this.#spans.size >= maxAddresses;
    const place = isElsewhere ? undefined : address;
    const span = {
      ...{ who, whoId, address: place, code, beganAt: now },
      ...{ times: 0, firstAt: now, lastAt: now },
    };
    this.#spans.set(name, span);
    try {
      await this.#audit.append(
        { event: "sign-in.refused", who, whoId, detail: { address, code } },
        { also: () => this.#keep(name, span) },
      );
    } catch (error) {
      if (this.#spans.get(name)?.beganAt === span.beganAt) this.#spans.delete(name);
      throw error;
    }
  }

  async #count(name: string, span: Span, now: UnixMs): Promise<void> {
    const firstAt = span.times === 0 ? now : span.firstAt;
    const counted = { ...span, times: span.times + 1, firstAt, lastAt: now };
    this.#spans.set(name, counted);
    await this.#audit.write(() => this.#keep(name, counted));
  }

  #keep(name: string, span: Span): void {
    this.#values.write(name, Buffer.from(JSON.stringify(span)));
  }

  /** Writes down what was counted; what cannot be written now is tried again with the next sweep. */
  #close(name: string, span: Span): void {
    this.#spans.delete(name);
    this.#tell(name, span).catch(() => {
      if (!this.#spans.has(name)) this.#spans.set(name, span);
    });
  }

  async #tell(name: string, span: Span): Promise<void> {
    const { who, whoId, address, code, times, firstAt, lastAt } = span;
    const also = () => this.#values.remove(name);
    if (times === 0) return this.#audit.write(also, { mustHappen: true });
    const from = address === undefined ? {} : { address };
    const detail = { ...from, code, times, firstAt, lastAt };
    const entry = { event: "sign-in.refused-again", who, whoId, detail };
    await this.#audit.append(entry, { also, mustHappen: true });
  }

  #sweepLater(): Disposable {
    return this.#clock.after(sweepEveryMs, () => {
      this.#sweeping = this.#sweepLater();
      const now = this.#clock.now();
      for (const [name, span] of [...this.#spans]) {
        if (isOver(span, now)) this.#close(name, span);
      }
    });
  }
}

/** Also when the clock was set back to before it began. */
function isOver({ beganAt }: Span, now: UnixMs): boolean {
  return now < beganAt || now - beganAt >= refusalSpanMs;
}

function storedSpans(values: ApplianceValues): Map<string, Span> {
  const stored = values.list(prefix).map(({ name, value }) => {
    const { data } = spanShape.safeParse(value.toString());
    return data && ([name, data] as const);
  });
  return new Map(stored.filter((entry) => entry !== undefined));
}
