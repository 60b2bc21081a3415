import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { Workbench } from "../console/workbench.ts";
import { artifact } from "../support/artifacts.ts";
import type { Frame } from "../support/chromium.ts";
import { ComputerAccount, mayMakeAccounts } from "../support/computer-account.ts";
import type { Desktop } from "../support/desktop.ts";
import { poll } from "../support/poll.ts";
import { Visit } from "../support/visit.ts";
import { canvasDigest, canvasSelector, toPage } from "./remote-canvas.ts";
import { colleague } from "./stage.ts";
import type { TourParts } from "./tour-parts.ts";

const manual = { name: "Printer manual.pdf", sizeBytes: 240_000 } as const;
const report = { name: "error report.txt", text: "Paper jam in tray 2\n".repeat(90) } as const;

/** A file in the conversation each way, and both are kept. */
export async function exchangeFiles(parts: TourParts, pane: Frame): Promise<void> {
  const { workbench, customer, stage } = parts;
  const { desktop } = stage;
  const mine = path.join(path.dirname(stage.noteFile), ".office");
  const downloads = path.join(desktop.home, "Downloads");
  await mkdir(mine, { recursive: true });
  await writeFile(path.join(mine, manual.name), Buffer.alloc(manual.sizeBytes));
  await workbench.runCommand("Handrail: Send a File in the Chat");
  await workbench.choosePath(path.join(mine, manual.name));
  await workbench.statusBarItem(`saves ${manual.name}`).waitFor();
  const isSaved = () => existsSync(path.join(downloads, manual.name));
  await customer.press("alt+v", "the customer has the file", isSaved);
  await pane.getByText("✓ saved by the customer").waitFor();
  await writeFile(path.join(downloads, report.name), report.text);
  const save = pane.getByRole("button", { name: new RegExp(`^Save ${report.name}`) });
  await poll("the customer chooses a file", async () => {
    await customer.focus();
    await desktop.xdotool("key", "alt+f");
    await desktop.xdotool("windowactivate", "--sync", await desktop.window("Send a file"));
    await desktop.xdotool("type", "--delay", "20", path.join(downloads, report.name));
    await pressOpen(desktop);
    return poll("it is announced", () => save.isVisible(), 4_000).catch(() =>
      desktop.xdotool("key", "Escape").then(() => false),
    );
  });
  await save.click();
  await workbench.choosePath(path.join(mine, report.name));
  await workbench.statusBarItem(`${report.name} is saved`).waitFor();
  await workbench.notification("Getting").waitFor({ state: "detached" });
  await parts.picture("chat-files");
}

/**
 * Presses the button of the dialog for a file, in its lower right corner: a key would have GTK
 * complain in the customer's terminal of the dialog that goes under it.
 */
async function pressOpen(desktop: Desktop): Promise<void> {
  const id = await desktop.window("Send a file");
  const shown = await desktop.xdotool("getwindowgeometry", "--shell", id);
  const size = (name: string) => Number(new RegExp(`${name}=(\\d+)`).exec(shown)?.[1]);
  const at = [size("WIDTH") - 40, size("HEIGHT") - 24].map(String);
  await desktop.xdotool("mousemove", "--window", id, ...at, "click", "1");
}

/** A colleague in a VS Code of their own watches, sees where one points, and leaves again. */
export async function watch(parts: TourParts, pane: Frame): Promise<void> {
  const { workbench, stage } = parts;
  await using theirs = await Workbench.start({
    ...(await stage.consoleOptions(colleague.name)),
    viewport: { width: 1280, height: 800 },
    theme: "light",
  });
  await theirs.activityBarItem("Handrail").click();
  await workbench.treeItem(colleague.displayName).waitFor();
  await workbench.runCommand("Handrail: Ask a Colleague in");
  await workbench.quickPick(colleague.displayName).click();
  await workbench.quickPick("Only watches").click();
  await theirs.answerNotification("asks you to watch the session", "Watch");
  const seen = await theirs.webview(canvasSelector);
  await poll("they see the screen", async () => (await canvasDigest(seen)).size === "1280x800");
  const { mouse } = workbench.page;
  const mark = seen.locator(".screen-colleague");
  await poll("they see where one points", async () => {
    for (const x of [180, 200]) {
      const at = await toPage(pane, { x, y: 120 });
      await mouse.move(at.x, at.y);
    }
    return mark.isVisible();
  });
  await theirs.runCommand("Notifications: Clear All Notifications");
  await theirs.page.mouse.move(640, 790);
  const file = await artifact("console-watching.png");
  await theirs.page.screenshot({ path: file, animations: "disabled" });
  await theirs.runCommand("Handrail: Leave Session");
  await theirs.tab("(watching)").waitFor({ state: "detached" });
  await workbench.runCommand("Notifications: Clear All Notifications");
}

/**
 * The window in which a customer types their password for an administrator's rights. Who runs this
 * as root has such rights already: there the customer has an account of their own.
 */
export async function askPassword({ stage }: TourParts): Promise<void> {
  const { appliance, desktop } = stage;
  await using own = new AsyncDisposableStack();
  const account = mayMakeAccounts ? own.use(await ComputerAccount.make(false)) : undefined;
  const command = await account?.clientCommand();
  const visit = own.use(
    await Visit.begin({
      ...{ appliance, desktop },
      ...(account && command && { command, env: account.environment(desktop) }),
    }),
  );
  await visit.askPassword();
  await desktop.screenshot(await artifact("customer-password.png"));
  await desktop.xdotool("key", "Escape");
  await visit.representative.call("session.end", { lsid: visit.lsid });
  await visit.window.dismiss();
}
