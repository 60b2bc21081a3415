import { CodeServer, type CodeServerOptions } from "../console/code-server.ts";
import { packConsole } from "../console/vsix.ts";
import { Appliance } from "../support/appliance.ts";
import { Desktop } from "../support/desktop.ts";

/** The file that is open in the sample customer's editor, with its first line. */
export const note = { name: "letter.txt", text: "Dear Handrail,\n" } as const;

/** Says what is being done; progress for whoever waits. */
export type Say = (line: string) => void;

/**
 * The real parts of a demonstration, on loopback and with throw-away data: an appliance with its
 * first administrator, a sample customer's computer, and a VS Code server whose console signs in by
 * itself.
 */
export class Stage implements AsyncDisposable {
  readonly appliance: Appliance;
  readonly desktop: Desktop;
  /** The text file open in the customer's editor. */
  readonly noteFile: string;
  readonly #stack: AsyncDisposableStack;

  static async start(say: Say): Promise<Stage> {
    await using stack = new AsyncDisposableStack();
    say("starting the appliance");
    const appliance = stack.use(
      await Appliance.start({ env: { HANDRAIL_SITE_NAME: "Handrail demonstration" } }),
    );
    await appliance.setUp();
    say("starting the customer's computer");
    const desktop = stack.use(await Desktop.start());
    await desktop.openTerminal("Terminal", "76x14+20+520");
    const noteFile = await desktop.openEditor(note.name, note.text);
    await desktop.xdotool("search", "--name", note.name, "windowmove", "20", "40");
    await desktop.xdotool("search", "--name", note.name, "windowsize", "620", "380");
    return new Stage({ appliance, desktop, noteFile, stack: stack.move() });
  }

  private constructor(parts: {
    appliance: Appliance;
    desktop: Desktop;
    noteFile: string;
    stack: AsyncDisposableStack;
  }) {
    this.appliance = parts.appliance;
    this.desktop = parts.desktop;
    this.noteFile = parts.noteFile;
    this.#stack = parts.stack;
  }

  /** What a VS Code server needs for the console: the extension, and how it signs in. */
  async consoleOptions(): Promise<CodeServerOptions> {
    const credentials = await this.appliance.consoleCredential();
    return {
      vsix: [await packConsole()],
      env: { HANDRAIL_CONSOLE_CREDENTIALS: credentials },
      // VS Code and its browser are on one machine here, as a desktop VS Code is.
      settings: { "handrail.screenTransport": "loopback" },
    };
  }

  /** A VS Code server for whoever opens its address. */
  async startConsole(): Promise<CodeServer> {
    return this.#stack.use(await CodeServer.start(await this.consoleOptions()));
  }

  /** Leaves something to the stage, which ends it. */
  use<T extends AsyncDisposable>(part: T): T {
    return this.#stack.use(part);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync();
  }
}
