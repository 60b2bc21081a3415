/**
 * The customer client on Linux: puts together what the core needs (the X screen, mouse and keyboard,
 * the help window, the uplink, the encoder's thread) and runs it for one session. It is started by
 * the starter that the support site made; it writes no file and leaves none of its own.
 */
import { randomBytes } from "node:crypto";
import { fileURLToPath } from "node:url";
import { ChatFileTool } from "../core/chat-file/tool.ts";
import { ScriptTool } from "../core/script/tool.ts";
import { ClipboardFromCustomer } from "../core/clipboard/from-customer.ts";
import { SharedClipboard } from "../core/clipboard/lending.ts";
import { ClipboardToCustomer } from "../core/clipboard/to-customer.ts";
import { DrawTool } from "../core/draw/tool.ts";
import { ElevateTool, type ElevateToolParts } from "../core/elevation/tool.ts";
import type { SessionPlace } from "../core/session-place.ts";
import { ShellDesk } from "../core/shell/desk.ts";
import { SnapshotTool } from "../core/snapshot.ts";
import { SystemTool } from "../core/system.ts";
import { SystemActTool } from "../core/system-act.ts";
import { texts } from "../core/texts.ts";
import { openClipboard } from "./clipboard/source.ts";
import { openActions } from "./actions.ts";
import { openCustomersFiles } from "./chat-file/customers-files.ts";
import { openChatFiles } from "./chat-file/downloads.ts";
import { systemClock } from "./clock.ts";
import { leaveNoCoreDump } from "./core-dump.ts";
import { describeCustomer } from "./computer.ts";
import { desktopStart, desktopUserOf } from "./desktop-user.ts";
import { openDrawing } from "./draw/source.ts";
import { openElevator } from "./elevation/elevator.ts";
import { WorkerEncoder } from "./encoder.ts";
import { DiskThread } from "./files/disk-thread.ts";
import { openX11Input } from "./input/x11.ts";
import { type Join, readJoin, starterName } from "./join.ts";
import { openLog } from "./log.ts";
import { runOneShot } from "./mode/one-shot.ts";
import { openX11Screen } from "./screen/x11.ts";
import { scriptHost } from "./script/process.ts";
import { terminalHost } from "./shell/terminal.ts";
import { openSystemActor } from "./system/actor.ts";
import { openSystem } from "./system/source.ts";
import { dialTo } from "./uplink.ts";
import { version } from "./version.ts";
import { noWayBack, openWayBack, type WayBack } from "./way-back.ts";
import { openGtkWindow } from "./window/gtk-window.ts";

/** Bundled, all programs lie side by side; as they are, each has its place. */
function programAt(place: string): URL {
  const name = place.split("/").at(-1) ?? place;
  const isBundled = import.meta.url.endsWith(".mjs");
  return new URL(isBundled ? `./${name}.mjs` : `./${place}.ts`, import.meta.url);
}

async function assemble(join: Join, isVerbose: boolean): Promise<SessionPlace & Disposable> {
  const { window: windowTexts } = texts[join.language];
  const log = openLog(isVerbose);
  const customer = {
    ...describeCustomer(join.language, join.desktopUser?.uid),
    ...(join.desktopUser ? { isElevated: true } : {}),
  };
  const siteName = join.siteName ?? new URL(join.site).host;
  const desktop = desktopStart(join.desktopUser, process.env);
  const window = await openGtkWindow({
    texts: windowTexts,
    siteName,
    locale: join.language,
    program: fileURLToPath(programAt("window/window-process")),
    desktop,
    isVerbose,
  });
  const clipboard = new SharedClipboard(() =>
    openClipboard(programAt("clipboard/clipboard-process"), desktop),
  );
  const openSystemTool = () =>
    new SystemTool(openSystem(programAt("system/system-process")), Date.now);
  const drawProgram = programAt("draw/draw-process");
  const systemActor = openSystemActor();
  const disk = new DiskThread(programAt("files/disk-worker"));
  const chatFiles = join.desktopUser
    ? openCustomersFiles(programAt("chat-file/chat-files-process"), desktop)
    : openChatFiles(process.env);
  return {
    clock: systemClock,
    random: Math.random,
    dial: dialTo(join, process.env),
    window,
    texts: texts[join.language],
    language: join.language,
    siteName,
    chatFiles,
    openScreen: () => openX11Screen(),
    openInput: () => openX11Input(),
    tools: {
      shell: ({ elevations }) => new ShellDesk(terminalHost(process.env), systemClock, elevations),
      files: () => disk.tool("files"),
      download: () => disk.tool("download"),
      "files-write": () => disk.tool("files-write"),
      script: (place) => new ScriptTool(place, scriptHost(process.env), systemClock),
      system: () => openSystemTool(),
      snapshot: () => new SnapshotTool(openSystemTool()),
      "system-act": () => new SystemActTool(systemActor),
      elevate: (place) => new ElevateTool({ ...elevateParts(join), place }),
      "chat-file": ({ chatFiles: book }) => new ChatFileTool(book, chatFiles),
      "clipboard-to-customer": () => new ClipboardToCustomer(clipboard.take(), systemClock),
      "clipboard-from-customer": () => new ClipboardFromCustomer(clipboard.take(), systemClock),
      draw: () => new DrawTool((failed) => openDrawing(drawProgram, failed, desktop), systemClock),
    },
    actions: openActions(desktop, wayBackOf(join, windowTexts.title, siteName)),
    namesOf: (processId) => systemActor.namesOf(processId),
    openEncoder: () => new WorkerEncoder(programAt("encoder-worker")),
    program: { name: "handrail-client", version, platform: customer.platform },
    customer,
    log,
    [Symbol.dispose]: () => window[Symbol.dispose](),
  };
}

/** What asks for an administrator's rights, and what a client that has got them is told. */
function elevateParts(join: Join): Omit<ElevateToolParts, "place"> {
  const starter = starterName(process.env) ?? join.starter;
  const elevator = openElevator({
    env: process.env,
    program: programAt("elevation/elevated-process"),
    askpass: programAt("elevation/askpass-process"),
    joinWith: (secret) => {
      const desktopUser = desktopUserOf(process.env);
      return JSON.stringify({
        ...join,
        ticket: undefined,
        returning: secret,
        starter,
        desktopUser,
      });
    },
  });
  const nonce = () => randomBytes(16).toString("hex");
  return { elevator, texts: texts[join.language], clock: systemClock, nonce };
}

/** After a restart this very program is started, in the same way, and told the same. */
function wayBackOf(join: Join, title: string, siteName: string): WayBack {
  // An administrator's own desktop is not the one that starts anything here.
  if (join.desktopUser) return noWayBack;
  const [program = ""] = process.argv.slice(1);
  const starter = starterName(process.env) ?? join.starter;
  return openWayBack({
    env: process.env,
    command: [process.execPath, ...process.execArgv, program],
    join: { ...join, ...(starter === undefined ? {} : { starter }) },
    title: title.replace("{site}", siteName),
  });
}

async function main(): Promise<void> {
  leaveNoCoreDump();
  const args = process.argv.slice(2);
  const join = await readJoin(args, process.env);
  using place = await assemble(join, args.includes("--verbose"));
  process.once("SIGTERM", () => process.exit(0));
  const { ticket, returning } = join;
  await runOneShot(place, { ticket, returning, starter: starterName(process.env) ?? join.starter });
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
