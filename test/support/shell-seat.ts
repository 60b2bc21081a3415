import type { ShellProcess } from "../../appliance/client/core/shell/host.ts";
import { MarkFilter } from "../../appliance/client/core/shell/mark-filter.ts";
import { terminalHost } from "../../appliance/client/node/shell/terminal.ts";
import { poll } from "./poll.ts";

/** Which shell, and whose. */
export interface ShellSeatOptions {
  readonly shell: string;
  readonly home: string;
  readonly environment?: NodeJS.ProcessEnv;
  /** Told of what it shows, as it comes. */
  readonly output?: (bytes: Uint8Array) => void;
}

/** A real shell in a real terminal of the client's, with what it shows and marks. */
export class ShellSeat implements Disposable {
  readonly process: ShellProcess;
  readonly marks: string[] = [];
  shown = "";
  shownBytes = 0;
  exitCode: number | undefined;
  readonly #decoder = new TextDecoder();

  constructor({ shell, home, environment = {}, output }: ShellSeatOptions) {
    const host = terminalHost({ ...process.env, SHELL: shell, HOME: home, ...environment });
    const nonce = host.nonce();
    const filter = new MarkFilter(nonce, {
      output: (bytes) => {
        this.#show(bytes);
        output?.(bytes);
      },
      mark: (kind, text) => this.marks.push(`${kind} ${text}`),
      title: () => undefined,
    });
    this.process = host.start({
      ...{ size: { columns: 80, rows: 24 }, nonce },
      output: (bytes) => filter.push(bytes),
      exited: (code) => (this.exitCode = code),
    });
  }

  type(text: string): Promise<void> {
    return new Promise((resolve) => this.process.write(Buffer.from(text), resolve));
  }

  shows(text: string | RegExp): Promise<unknown> {
    const pattern = typeof text === "string" ? undefined : text;
    return poll(`the terminal shows ${String(text)}`, () =>
      pattern ? pattern.test(this.shown) : this.shown.includes(String(text)),
    );
  }

  /** Waits for the prompt behind the last command line. */
  async run(line: string): Promise<void> {
    const before = this.marks.length;
    await this.type(`${line}\r`);
    await this.prompt(before);
  }

  async prompt(before = 0): Promise<void> {
    await poll("the shell waits", () =>
      this.marks.slice(before).some((mark) => mark.startsWith("X ")),
    );
  }

  ends(): Promise<number | undefined> {
    return poll("the shell has ended", () => this.exitCode !== undefined).then(() => this.exitCode);
  }

  [Symbol.dispose](): void {
    this.process.hangUp();
  }

  #show(bytes: Uint8Array): void {
    this.shownBytes += bytes.length;
    this.shown = (this.shown + this.#decoder.decode(bytes, { stream: true })).slice(-200_000);
  }
}
