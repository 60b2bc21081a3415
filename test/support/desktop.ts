import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { encodePng, type Pixels } from "./png.ts";
import { poll } from "./poll.ts";
import { Program } from "./processes.ts";
import { decodeXwd } from "./xwd.ts";

/** The one display of a desktop, in pixels. */
export interface DesktopOptions {
  width?: number;
  height?: number;
}

const readyLine = /^(\d+)\n/m;

/** What every other terminal does by itself, and what the page of the portal counts on. */
export const terminalKeys = [
  "*VT100.translations: #override",
  "Ctrl Shift <Key>C: copy-selection(CLIPBOARD) \\n",
  "Ctrl Shift <Key>V: insert-selection(CLIPBOARD)",
].join(" ");

/**
 * A real X desktop that nobody looks at: Xvfb with the openbox window manager, its own home folder,
 * and what is started on it. Disposing ends all of it.
 */
export class Desktop implements AsyncDisposable {
  /** As ":7". */
  readonly display: string;
  /** The environment for programs of this desktop. */
  readonly env: NodeJS.ProcessEnv;
  readonly home: string;
  readonly #stack: AsyncDisposableStack;
  readonly #serverArgs: readonly string[];
  #server: Program;

  static async start({ width = 1280, height = 800 }: DesktopOptions = {}): Promise<Desktop> {
    await using stack = new AsyncDisposableStack();
    const home = await mkdtemp(path.join(tmpdir(), "handrail-desktop-"));
    stack.defer(() => rm(home, { recursive: true, force: true, maxRetries: 5 }));
    const serverArgs = [
      ...["-screen", "0", `${width}x${height}x24`, "-fbdir", home],
      ...["-nolisten", "tcp", "-noreset", "-displayfd", "1"],
    ];
    const server = stack.use(new Program("Xvfb", { args: serverArgs }));
    // Where display 0 is taken, it complains before it tells the number.
    const display = `:${(await server.line(readyLine)).at(1) ?? ""}`;
    await using unready = new AsyncDisposableStack();
    const desktop = unready.use(new Desktop({ display, home, server, serverArgs }, stack.move()));
    await desktop.#startWindowManager();
    // From here on it is the caller who disposes of it.
    unready.move();
    return desktop;
  }

  private constructor(
    parts: { display: string; home: string; server: Program; serverArgs: readonly string[] },
    stack: AsyncDisposableStack,
  ) {
    const { display, home } = parts;
    this.display = display;
    this.home = home;
    this.#server = parts.server;
    this.#serverArgs = parts.serverArgs;
    this.#stack = stack;
    this.env = {
      PATH: process.env.PATH,
      LANG: "C.UTF-8",
      HOME: home,
      XDG_RUNTIME_DIR: home,
      TMPDIR: home,
      DISPLAY: display,
      // No bus for accessibility or settings: else GTK starts daemons that outlive the desktop.
      NO_AT_BRIDGE: "1",
      DBUS_SESSION_BUS_ADDRESS: "disabled:",
      GSETTINGS_BACKEND: "memory",
    };
  }

  /** The X server crashes, and with it everything that is shown. */
  async crash(): Promise<void> {
    this.#server.signal("SIGKILL");
    await this.#server.ended();
  }

  /** Starts the X server again after `crash`, under the same number. */
  async revive(): Promise<void> {
    this.#server = this.#stack.use(
      new Program("Xvfb", { args: [this.display, ...this.#serverArgs] }),
    );
    await this.#server.line(readyLine);
    await this.#startWindowManager();
  }

  /** Starts a program on this desktop; it ends with the desktop at the latest. */
  open(name: string, args: readonly string[] = []): Program {
    return this.#stack.use(new Program(name, { args, env: this.env, cwd: this.home }));
  }

  /** Opens a terminal window and waits until it is shown. Resolves to its window id. */
  async openTerminal(title = "terminal", geometry = "80x24+40+40"): Promise<string> {
    const font = ["-fa", "DejaVu Sans Mono", "-fs", "11"];
    this.open("xterm", ["-T", title, "-geometry", geometry, ...font, "-xrm", terminalKeys]);
    return this.window(title);
  }

  /** Opens a text editor window on a new file and waits until it is shown; gives the file's path. */
  async openEditor(name = "notes.txt", text = ""): Promise<string> {
    const file = path.join(this.home, name);
    await writeFile(file, text);
    this.open("mousepad", [file]);
    await this.window(name);
    return file;
  }

  /** Waits for a shown window whose title contains `title`. Resolves to its id, as xdotool has it. */
  window(title: string): Promise<string> {
    const search = ["search", "--onlyvisible", "--name", title];
    return poll(`a window has the title ${title}`, async () => {
      const ids = await this.xdotool(...search);
      return ids.split("\n", 1)[0];
    });
  }

  /** Runs xdotool and gives what it wrote. Fails when xdotool does. */
  xdotool(...args: string[]): Promise<string> {
    return this.#run("xdotool", args);
  }

  /** What the display shows now. */
  async pixels(): Promise<Pixels> {
    return decodeXwd(await readFile(path.join(this.home, "Xvfb_screen0")));
  }

  /** Writes what the display shows now as a PNG file. */
  async screenshot(file: string): Promise<void> {
    await writeFile(file, encodePng(await this.pixels()));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync();
  }

  async #startWindowManager(): Promise<void> {
    const openbox = this.open("openbox", ["--sm-disable"]);
    await openbox.until("it manages the windows", async () =>
      (await this.#run("xprop", ["-root", "_NET_SUPPORTING_WM_CHECK"])).includes("window id"),
    );
  }

  async #run(name: string, args: readonly string[]): Promise<string> {
    await using program = new Program(name, { args, env: this.env });
    if ((await program.ended()) !== 0) {
      throw new Error(`${name} ${args.join(" ")} failed: ${program.output}`);
    }
    return program.output.trim();
  }
}
