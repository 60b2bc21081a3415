import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { poll } from "../support/poll.ts";
import { Program } from "../support/processes.ts";
import { root } from "../support/root.ts";

export type Theme = "light" | "dark" | "high-contrast";

/** What the VS Code under test has. */
export interface CodeServerOptions {
  /** Packaged extensions to install before the start. */
  vsix?: readonly string[];
  /** User settings on top of the harness's own. */
  settings?: Readonly<Record<string, unknown>>;
  /** Files of the workspace folder that is opened: path in it, text. */
  files?: Readonly<Record<string, string>>;
  /** Ends by itself after this time without a page that shows it, s: for servers that outlive a test. */
  idleTimeoutSeconds?: number;
  /** Dark when absent. */
  theme?: Theme;
  /**
   * What extensions are to speak; English when absent. VS Code's own texts stay English: its language
   * packs come from a marketplace alone.
   */
  language?: "fr";
  /** Extra environment of the server, and so of the extension host. */
  env?: Readonly<Record<string, string>>;
}

const node = path.join(root, "node_modules/.bin/node");
const entry = path.join(root, ".vscode-server-dist/node_modules/code-server/out/node/entry.js");

const colorThemes: Record<Theme, string> = {
  light: "Default Light Modern",
  dark: "Default Dark Modern",
  "high-contrast": "Default High Contrast",
};

/** Quiet, offline, and the same on each run. */
const quietSettings = {
  "telemetry.telemetryLevel": "off",
  "workbench.startupEditor": "none",
  "workbench.enableExperiments": false,
  "workbench.tips.enabled": false,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "chat.disableAIFeatures": true,
  "extensions.autoUpdate": false,
  "extensions.autoCheckUpdates": false,
  "extensions.ignoreRecommendations": true,
  "update.mode": "none",
  "git.enabled": false,
  "security.workspace.trust.enabled": false,
  // The DOM renderer keeps the terminal's text readable in .xterm-rows.
  "terminal.integrated.gpuAcceleration": "off",
  "terminal.integrated.shellIntegration.enabled": false,
  "window.confirmBeforeClose": "never",
  // Else each port that anything on the machine opens is offered in a notification.
  "remote.autoForwardPorts": false,
};

/** The folders of one run; all of them go with it. */
interface Folders {
  home: string;
  workspace: string;
  userData: string;
  extensions: string;
}

/** A real VS Code server with a home of its own on a free port. One per test file: it takes seconds. */
export class CodeServer implements AsyncDisposable {
  /** As "http://127.0.0.1:41234". */
  readonly url: string;
  readonly program: Program;
  readonly #folders: Folders;
  readonly #stack: AsyncDisposableStack;

  static async start(options: CodeServerOptions = {}): Promise<CodeServer> {
    await using stack = new AsyncDisposableStack();
    const folders = await makeFolders(stack);
    await writeFiles(path.join(folders.userData, "User"), {
      "settings.json": JSON.stringify({
        ...quietSettings,
        "workbench.colorTheme": colorThemes[options.theme ?? "dark"],
        ...options.settings,
      }),
    });
    await writeFiles(folders.workspace, options.files ?? {});
    const env = environment(folders, options.env ?? {});
    for (const vsix of options.vsix ?? []) await install(vsix, folders, env);
    if (options.language) await writeLanguagePack(options.language, folders);
    const locale = options.language ? ["--locale", options.language] : [];
    const args = [...serverArguments(folders, options), ...locale];
    const program = stack.use(new Program(node, { args, env, cwd: folders.home }));
    const url = (await program.line(/listening on (http:\/\/[\d.:]+)/, 60_000)).at(1) ?? "";
    await poll("code-server answers", async () => (await fetch(`${url}/healthz`)).ok);
    return new CodeServer({ url, folders, program, stack: stack.move() });
  }

  private constructor(parts: {
    url: string;
    folders: Folders;
    program: Program;
    stack: AsyncDisposableStack;
  }) {
    this.url = parts.url;
    this.#folders = parts.folders;
    this.program = parts.program;
    this.#stack = parts.stack;
  }

  /** The folder that the workbench opens. */
  get workspace(): string {
    return this.#folders.workspace;
  }

  /** Where VS Code keeps settings, state and logs. */
  get userData(): string {
    return this.#folders.userData;
  }

  /** What the server has written so far. */
  get output(): string {
    return this.program.output;
  }

  /** The address of the workbench with its folder open. */
  workbenchUrl(): string {
    return `${this.url}/?${new URLSearchParams({ folder: this.workspace }).toString()}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync();
  }
}

async function makeFolders(stack: AsyncDisposableStack): Promise<Folders> {
  const home = await mkdtemp(path.join(tmpdir(), "handrail-vscode-"));
  stack.defer(() => rm(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }));
  const folders = {
    home,
    workspace: path.join(home, "workspace"),
    userData: path.join(home, "user-data"),
    extensions: path.join(home, "extensions"),
  };
  for (const folder of Object.values(folders)) await mkdir(folder, { recursive: true });
  return folders;
}

async function writeFiles(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(folder, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text);
  }
}

// A language pack without a single text, as VS Code keeps those that are installed: the language is
// there, and for each text that it lacks VS Code takes its English one.
async function writeLanguagePack(language: string, { userData }: Folders): Promise<void> {
  const file = path.join(userData, `empty-${language}.json`);
  const pack = {
    hash: "empty",
    extensions: [{ extensionIdentifier: { id: "test.empty" }, version: "1" }],
    translations: { vscode: file },
    label: language,
  };
  await writeFiles(userData, {
    [path.basename(file)]: JSON.stringify({ version: "1.0.0", contents: {} }),
    "languagepacks.json": JSON.stringify({ [language]: pack }),
  });
}

function environment(
  { home }: Folders,
  extra: Readonly<Record<string, string>>,
): NodeJS.ProcessEnv {
  // The tests may themselves run in a VS Code or under a test runner, whose variables would reach
  // the server and the extension host.
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(VSCODE_|VITEST|NODE_OPTIONS$|NODE_ENV$|PORT$)/.test(name),
  );
  return {
    ...Object.fromEntries(inherited),
    HOME: home,
    XDG_CONFIG_HOME: path.join(home, "config"),
    XDG_DATA_HOME: path.join(home, "data"),
    // Its sockets go with the rest; the folder above all others, for their paths must be short.
    XDG_RUNTIME_DIR: home,
    // An empty gallery: the workbench asks no marketplace.
    EXTENSIONS_GALLERY: "{}",
    ...extra,
  };
}

function folderArguments({ userData, extensions }: Folders): string[] {
  return ["--user-data-dir", userData, "--extensions-dir", extensions];
}

function serverArguments(folders: Folders, options: CodeServerOptions): string[] {
  const { idleTimeoutSeconds: idle } = options;
  return [
    ...[entry, "--bind-addr", "127.0.0.1:0", "--auth", "none", ...folderArguments(folders)],
    ...["--disable-telemetry", "--disable-update-check", "--disable-workspace-trust"],
    "--disable-getting-started-override",
    ...(idle === undefined ? [] : ["--idle-timeout-seconds", String(idle)]),
    folders.workspace,
  ];
}

async function install(vsix: string, folders: Folders, env: NodeJS.ProcessEnv): Promise<void> {
  const args = [entry, ...folderArguments(folders), "--install-extension", vsix];
  await using program = new Program(node, { args, env, cwd: folders.home });
  const exitCode = await program.ended();
  if (exitCode !== 0 || !/successfully installed/i.test(program.output)) {
    throw new Error(`${vsix} was not installed: ${program.output}`);
  }
}
