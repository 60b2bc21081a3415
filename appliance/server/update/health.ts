import { request } from "node:https";
import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import type { Clock } from "../clock.ts";
import type { Settings } from "../config.ts";
import { UpdateError } from "./update-error.ts";

/** Where a server says how it is: GET → `{ok, version}`, 200 when it is well and 503 when not. */
export const healthPath = "/healthz";

const answerShape = z.object({ ok: z.literal(true), version: z.string() });
const answerTimeoutMs = 5_000;
const betweenMs = 500;
/** One answer may come from a server that falls over right after it. */
const answersInARow = 3;

/** The server of this machine, asked as a visitor would ask. */
export class Health {
  readonly #settings: Pick<Settings, "address" | "port">;
  readonly #clock: Clock;

  constructor(settings: Pick<Settings, "address" | "port">, clock: Clock) {
    this.#settings = settings;
    this.#clock = clock;
  }

  /** The version of the server that is well; undefined when none answers so. */
  async version(): Promise<string | undefined> {
    return this.#ask().catch(() => undefined);
  }

  /**
   * Waits until the server of this version has answered three times in a row that it is well.
   * @throws UpdateError `not-healthy`
   */
  async wait(version: string, timeoutMs: number): Promise<void> {
    const endsAtMs = this.#clock.monotonicMs() + timeoutMs;
    let inARow = 0;
    let last = "it did not answer";
    while (inARow < answersInARow) {
      const answer = await this.#ask().catch((error: unknown) => reasonOf(error));
      inARow = answer === version ? inARow + 1 : 0;
      if (answer !== version) last = answer;
      if (inARow < answersInARow && this.#clock.monotonicMs() >= endsAtMs) {
        const seconds = Math.round(timeoutMs / 1000);
        const message = `Release ${version} was not well within ${seconds} s (${last}).`;
        throw new UpdateError("not-healthy", message);
      }
      await pause(betweenMs);
    }
  }

  async #ask(): Promise<string> {
    const { address, port } = this.#settings;
    const everywhere: Readonly<Record<string, string>> = { "0.0.0.0": "127.0.0.1", "::": "::1" };
    const host = everywhere[address] ?? address;
    const text = await new Promise<string>((resolve, reject) => {
      // Its certificate is for the name that people use. Who answers on this machine's own port is
      // the server, or somebody who could have replaced it.
      const asking = request(
        { host, port, path: healthPath, rejectUnauthorized: false, agent: false },
        (answer) => {
          answer.setEncoding("utf8");
          let said = "";
          answer.on("data", (piece: string) => (said += piece));
          answer.on("error", reject);
          answer.on("end", () => {
            if (answer.statusCode === 200) resolve(said);
            else reject(new Error(`it answered ${answer.statusCode ?? 0}`));
          });
        },
      );
      asking.setTimeout(answerTimeoutMs, () => asking.destroy(new Error("it did not answer")));
      asking.on("error", reject);
      asking.end();
    });
    return answerShape.parse(JSON.parse(text)).version;
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
