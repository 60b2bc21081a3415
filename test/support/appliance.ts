import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { type Answer, type Asked, Asking } from "./ask.ts";
import { Program } from "./processes.ts";
import { node, root } from "./root.ts";

const main = path.join(root, "appliance/server/main.ts");
const commandLine = path.join(root, "appliance/server/handrail.ts");

export type { Answer } from "./ask.ts";

/** How an appliance is started. */
export interface ApplianceOptions {
  /** Settings by their variable: HANDRAIL_SITE_NAME and so on. */
  readonly env?: Readonly<Record<string, string>>;
  /** Its data, kept afterwards; a folder of its own, thrown away, when absent. */
  readonly dataDirectory?: string;
  /** The port to listen on; a free one when absent. */
  readonly port?: number;
}

/** The account that `setUp` makes. */
export const administrator = {
  name: "ann",
  displayName: "Ann Archer",
  password: "correct horse battery staple",
} as const;

/** An appliance as others reach it, wherever it runs. */
export type Reached = Pick<Appliance, "ask" | "command" | "port" | "url">;

/** The real appliance in a process of its own, on loopback. */
export class Appliance implements AsyncDisposable {
  readonly port: number;
  readonly dataDirectory: string;
  readonly program: Program;
  readonly #stack: AsyncDisposableStack;
  readonly #asking: Asking;
  readonly #env: NodeJS.ProcessEnv;

  static async start(options: ApplianceOptions = {}): Promise<Appliance> {
    await using stack = new AsyncDisposableStack();
    const dataDirectory = options.dataDirectory ?? (await temporary(stack));
    const env = {
      ...process.env,
      HANDRAIL_ADDRESS: "127.0.0.1",
      HANDRAIL_PORT: String(options.port ?? 0),
      HANDRAIL_DATA_DIRECTORY: dataDirectory,
      ...options.env,
    };
    const program = stack.use(new Program(node, { args: [main], env }));
    const line = await program.line(/^\{[^\n]*"event":"listening"[^\n]*"port":(\d+)/m);
    const port = Number(line[1]);
    return new Appliance({ port, dataDirectory, program, env, stack: stack.move() });
  }

  private constructor(parts: {
    port: number;
    dataDirectory: string;
    program: Program;
    env: NodeJS.ProcessEnv;
    stack: AsyncDisposableStack;
  }) {
    this.port = parts.port;
    this.dataDirectory = parts.dataDirectory;
    this.program = parts.program;
    this.#env = parts.env;
    this.#stack = parts.stack;
    this.#asking = this.#stack.use(new Asking(() => this.url));
  }

  get url(): string {
    return `https://127.0.0.1:${this.port}`;
  }

  /** Asks over HTTPS; `json` is sent as the body. */
  ask(where: string, options: Asked = {}): Promise<Answer> {
    return this.#asking.ask(where, options);
  }

  /** Runs the `handrail` command on this appliance's data; gives its output. Fails when it does. */
  command(...args: string[]): Promise<string> {
    return outputOf(this.commandBeside(this.dataDirectory, ...args), args);
  }

  /** The same with that on its standard input. */
  async commandWith(input: string, ...args: string[]): Promise<string> {
    const env = { ...this.#env, HANDRAIL_DATA_DIRECTORY: this.dataDirectory };
    const running = promisify(execFile)(node, [commandLine, ...args], { env });
    running.child.stdin?.end(input);
    return (await running).stdout;
  }

  /** The same on the data of another one, which does not run. */
  commandOn(dataDirectory: string, ...args: string[]): Promise<string> {
    return outputOf(this.commandBeside(dataDirectory, ...args), args);
  }

  /** The same while it runs. */
  commandBeside(dataDirectory: string, ...args: string[]): Program {
    const env = { ...this.#env, HANDRAIL_DATA_DIRECTORY: dataDirectory };
    return new Program(node, { args: [commandLine, ...args], env });
  }

  /** Makes the first administrator, as the set-up page does. */
  async setUp(): Promise<void> {
    const code = (await this.command("set-up-code")).trim();
    const answer = await this.ask("/login/api/set-up", { json: { code, ...administrator } });
    if (answer.status >= 300) throw new Error(`set-up was refused: ${answer.text}`);
  }

  /** A file with which a console signs in by itself as this representative. */
  async consoleCredential(name: string = administrator.name): Promise<string> {
    const json = await this.command("console-credential", "--representative", name);
    const file = path.join(this.dataDirectory, `console-${name}.json`);
    await writeFile(file, json, { mode: 0o600 });
    return file;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync();
  }
}

async function outputOf(started: Program, args: readonly string[]): Promise<string> {
  await using program = started;
  if ((await program.ended()) !== 0) {
    throw new Error(`handrail ${args.join(" ")} failed: ${program.output}`);
  }
  return program.output;
}

async function temporary(stack: AsyncDisposableStack): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), "handrail-appliance-"));
  stack.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}
