import { chromiumPath, switches } from "../support/chromium.ts";
import { freePort } from "../support/free-port.ts";
import type { Desktop } from "../support/desktop.ts";
import { poll } from "../support/poll.ts";
import { Program } from "../support/processes.ts";
import { administrator } from "../support/appliance.ts";
import { colleague, type Say, Stage } from "./stage.ts";

/**
 * Opens everything and leaves it to the person until Ctrl+C. Fails when a part of it ends before,
 * with the part's name and last words.
 */
export async function appear(say: Say, options: { hasColleague: boolean }): Promise<void> {
  const ending = new AbortController();
  const asked = new Promise<void>((resolve) => {
    ending.signal.addEventListener("abort", () => {
      say("ending");
      resolve();
    });
  });
  // Kept to the end: a second Ctrl+C must not cut the cleaning up short.
  for (const name of ["SIGINT", "SIGTERM"]) process.on(name, () => ending.abort());
  await using stage = await Stage.start(say);
  if (ending.signal.aborted) return;
  say("starting VS Code");
  const consoleServer = await stage.startConsole();
  if (ending.signal.aborted) return;
  const second = options.hasColleague ? await openSecond(stage) : "";
  const { appliance, desktop } = stage;
  await openPortal(desktop, appliance.url);
  const customerUrl = await shareDesktop(stage, desktop);
  process.stdout.write(`
Handrail is ready. Open these three pages in a browser on this machine:

  1. The representative's VS Code    ${consoleServer.workbenchUrl()}
  2. The customer's computer         ${customerUrl}
  3. The appliance's administration  ${appliance.url}/login
     (name ${administrator.name}, password "${administrator.password}";
      the certificate is self-made: let the browser go on)

What to click:
  - In VS Code, press "Create Session Key" in the Handrail view on the left or in the walkthrough,
    and choose your personal queue.
  - On the customer's computer, click into the page in its browser, type the seven digits, download
    the program, press "Copy the line", and paste it into the terminal there with Ctrl+Shift+V.
  - In VS Code, accept the session. On the customer's computer, press Allow within a minute.
  - Now you see its screen. Press "Take control", allow it there, and type into its editor.
  - Write in the chat on both sides; "/" in the empty box offers canned messages. Under "···" above
    the screen and in the palette (F1, "Handrail") are the tools: shell, files, system information,
    scripts, special actions.
  - The pen above the screen draws on the customer's. A file that is dropped on the chat with Shift
    held, or chosen under "···" beside the box, comes when the customer presses "Save"; their "File…"
    sends one back.
  - Read the system information twice, then press F1 and "Compare System Information…".
${rightsStep()}
  - Press "End session" above the screen, and play it back under Past Sessions.
${second}
Ctrl+C ends everything and removes its data.
`);
  if (!ending.signal.aborted) await Promise.race([asked, stage.broken()]);
}

/** What to do with an administrator's rights, which whoever runs this as root has already. */
function rightsStep(): string {
  if (process.getuid?.() === 0) {
    return `  - Run as root, as now, the customer's side has an administrator's rights: each shell says so.`;
  }
  return `  - Press F1 and "Open Shell as Administrator…", and let the customer type the password of your own
    account, in a window of their own.`;
}

/** Starts the second representative's VS Code; gives what to do with it. */
async function openSecond(stage: Stage): Promise<string> {
  const server = await stage.startConsole(await stage.addColleague());
  return `
The second representative, ${colleague.displayName}, has a VS Code of his own:
     ${server.workbenchUrl()}
  - While the session goes on, choose "Ask a colleague in…" under "···" above the screen: once he has
    pressed "Join" he sees the same screen and where you point, and "Take control" offers him to ask
    for mouse and keyboard, or to take them over. Or let him only watch: then he presses "Watch".
  - Or choose "Transfer…": the customer waits in his queue until he accepts.
`;
}

/** Opens the public portal as a person's own browser does, which saves in ~/Downloads. */
export async function openPortal(desktop: Desktop, url: string): Promise<void> {
  const quiet = ["--test-type", "--ignore-certificate-errors", "--no-default-browser-check"];
  const place = ["--window-position=540,10", "--window-size=720,780"];
  desktop.open(chromiumPath, [...switches, ...quiet, ...place, "--password-store=basic", url]);
  await desktop.window("Get help");
}

/** Lets a person use the sample computer from a browser: a screen, a mouse, a keyboard. */
async function shareDesktop(stage: Stage, desktop: Desktop): Promise<string> {
  const [rfbPort, webPort] = [await freePort(), await freePort()];
  const x11vnc = stage.use(
    new Program("x11vnc", {
      args: [
        ...["-display", desktop.display, "-rfbport", String(rfbPort), "-localhost", "-forever"],
        ...["-shared", "-nopw", "-quiet"],
      ],
      env: { ...process.env, ...desktop.env },
    }),
  );
  await x11vnc.line(new RegExp(`PORT=${rfbPort}`));
  const websockify = stage.use(
    new Program("websockify", {
      args: ["--web", "/usr/share/novnc", `127.0.0.1:${webPort}`, `127.0.0.1:${rfbPort}`],
    }),
  );
  // It ends with the X server.
  stage.watch("the customer's computer", x11vnc);
  stage.watch("the view of the customer's computer", websockify);
  const url = `http://127.0.0.1:${webPort}/vnc_lite.html?scale=true`;
  await poll("the customer's computer can be seen", async () => (await fetch(url)).ok);
  return url;
}
