import { CodeServer, type CodeServerOptions } from "../console/code-server.ts";
import { packConsole } from "../console/vsix.ts";
import { administrator, Appliance, type Reached } from "../support/appliance.ts";
import { Desktop } from "../support/desktop.ts";
import { Admin, allowRights } from "../support/signed-in.ts";
import { openPersonsEditor, openPersonsTerminal } from "./person.ts";
import type { Program } from "../support/processes.ts";
import { addSamples, joinTeam } from "./samples.ts";

/** The file that is open in the sample customer's editor, with its first line. */
export const note = { name: "letter.txt", text: "Dear Handrail,\n" } as const;

/** The second representative of a demonstration with two. */
export const colleague = {
  name: "bob",
  displayName: "Bob Baker",
  password: "correct horse battery staple",
} as const;

/** A site that the demonstration is shown on, and that makes credentials for its consoles. */
export type Shown = Reached &
  Pick<Appliance, "consoleCredential"> &
  Partial<Pick<Appliance, "program">>;

/** Says what is being done; progress for whoever waits. */
export type Say = (line: string) => void;

/**
 * The real parts of a demonstration, on loopback and with throw-away data: an appliance with its
 * first administrator, a sample customer's computer, and a VS Code server whose console signs in by
 * itself.
 */
export class Stage implements AsyncDisposable {
  readonly appliance: Shown;
  readonly desktop: Desktop;
  /** The text file open in the customer's editor. */
  readonly noteFile: string;
  readonly #stack: AsyncDisposableStack;
  readonly #ends: Promise<never>[] = [];

  static async start(say: Say): Promise<Stage> {
    await using stack = new AsyncDisposableStack();
    say("starting the appliance");
    const appliance = stack.use(
      await Appliance.start({ env: { HANDRAIL_SITE_NAME: "Handrail demonstration" } }),
    );
    await appliance.setUp();
    return await Stage.around(appliance, say, stack.move());
  }

  /** The same on an appliance that runs already, and has its first administrator. */
  static async around(
    appliance: Shown,
    say: Say,
    owned = new AsyncDisposableStack(),
  ): Promise<Stage> {
    await using stack = owned;
    await allowRights(appliance);
    await addSamples(appliance);
    say("starting the customer's computer");
    const desktop = stack.use(await Desktop.start());
    await desktop.open("xsetroot", ["-solid", "#2f5d7c"]).ended();
    await openPersonsTerminal(desktop, "76x14+20+520");
    const noteFile = await openPersonsEditor(desktop, note);
    await desktop.xdotool("search", "--name", note.name, "windowmove", "20", "40");
    await desktop.xdotool("search", "--name", note.name, "windowsize", "620", "380");
    return new Stage({ appliance, desktop, noteFile, stack: stack.move() });
  }

  private constructor(parts: {
    appliance: Shown;
    desktop: Desktop;
    noteFile: string;
    stack: AsyncDisposableStack;
  }) {
    this.appliance = parts.appliance;
    this.desktop = parts.desktop;
    this.noteFile = parts.noteFile;
    this.#stack = parts.stack;
    const { program } = this.appliance;
    if (program) this.watch("the appliance", program);
  }

  /** What a VS Code server needs for the console: the extension, and how it signs in. */
  async consoleOptions(name: string = administrator.name): Promise<CodeServerOptions> {
    const credentials = await this.appliance.consoleCredential(name);
    return {
      vsix: [await packConsole()],
      env: { HANDRAIL_CONSOLE_CREDENTIALS: credentials },
      // VS Code and its browser are on one machine here, as a desktop VS Code is.
      settings: { "handrail.screenTransport": "loopback" },
    };
  }

  /** A VS Code server for whoever opens its address, signed in as this representative. */
  async startConsole(name: string = administrator.name): Promise<CodeServer> {
    const { settings, ...options } = await this.consoleOptions(name);
    // Who comes for the first time sees Handrail's own view and walkthrough.
    const welcoming = { ...settings, "workbench.startupEditor": "welcomePageInEmptyWorkbench" };
    const server = await CodeServer.start({ ...options, settings: welcoming });
    this.#stack.use(server);
    this.watch(`VS Code of ${name}`, server.program);
    return server;
  }

  /** Adds a second representative, as an administrator does; gives the name to sign in with. */
  async addColleague(): Promise<string> {
    const admin = new Admin(this.appliance);
    await admin.signIn();
    const answer = await admin.write("representatives", { ...colleague, role: "representative" });
    if (answer.status !== 201) throw new Error(`the colleague was refused: ${answer.text}`);
    await joinTeam(admin, colleague.name);
    return colleague.name;
  }

  /** Has `broken` tell when this part ends by itself. */
  watch(part: string, program: Program): void {
    const end = program.ended().then((exitCode) => {
      const how = exitCode === null ? "was killed" : `ended with exit code ${exitCode}`;
      const last = program.output.trimEnd().split("\n").slice(-8).join("\n");
      throw new Error(`${part} ${how}. It wrote last:\n${last}`);
    });
    // Disposing ends the parts too, when nobody asks any more.
    end.catch(() => undefined);
    this.#ends.push(end);
  }

  /** Fails once a part has ended by itself: which, how, and its last words. */
  broken(): Promise<never> {
    return Promise.race(this.#ends);
  }

  /** Leaves something to the stage, which ends it. */
  use<T extends AsyncDisposable>(part: T): T {
    return this.#stack.use(part);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync();
  }
}
