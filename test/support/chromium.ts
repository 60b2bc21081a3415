import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type Browser, type BrowserContext, chromium } from "playwright-core";

export type { Browser, BrowserContext, Frame, Locator, Page } from "playwright-core";

/** How the browser is started. */
export interface ChromiumOptions {
  /** Switches on top of ours. */
  args?: readonly string[];
  /** The environment of a desktop to show its windows on; without it there is no window. */
  desktopEnv?: NodeJS.ProcessEnv;
}

/** One person's browser window: cookies and storage of its own. */
export interface ContextOptions {
  viewport?: { width: number; height: number };
  /** As the customer's browser asks for it: "en-US", "fr-FR". */
  locale?: string;
  theme?: "light" | "dark";
}

/** What every Chromium of ours is started with, also one that a person uses. */
export const switches = [
  // Its sandbox needs privileges that containers lack; what it shows is our own.
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-dev-shm-usage",
  // Nothing but this machine is ever looked up.
  "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1 , EXCLUDE localhost",
];

export const chromiumPath = process.env.CHROMIUM ?? "/usr/bin/chromium";

/** Folders of browsers that have not been seen to end. */
const folders = new Set<string>();

/**
 * Starts the system's Chromium. `await using` closes it. What it leaves among temporary files is in
 * a folder of its own, which goes with it.
 */
export async function launchChromium(options: ChromiumOptions = {}): Promise<Browser> {
  const folder = mkdtempSync(path.join(tmpdir(), "handrail-chromium-"));
  folders.add(folder);
  try {
    const browser = await chromium.launch({
      executablePath: chromiumPath,
      headless: options.desktopEnv === undefined,
      args: [...switches, ...(options.args ?? [])],
      env: definedOnly({ ...(options.desktopEnv ?? process.env), TMPDIR: folder }),
      // A program that ends itself in good order also ends its browsers.
      handleSIGINT: process.listenerCount("SIGINT") === 0,
      handleSIGTERM: process.listenerCount("SIGTERM") === 0,
    });
    browser.once("disconnected", () => remove(folder));
    return browser;
  } catch (error) {
    remove(folder);
    throw error;
  }
}

function remove(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  folders.delete(folder);
}

// Last resort for a run that is itself cut short.
process.once("exit", () => {
  for (const folder of folders) remove(folder);
});

/** A new window that takes the self-signed certificate of an appliance under test. */
export async function openContext(
  browser: Browser,
  options: ContextOptions = {},
): Promise<BrowserContext> {
  const context = await browser.newContext({
    viewport: options.viewport ?? { width: 1280, height: 800 },
    locale: options.locale ?? "en-US",
    colorScheme: options.theme ?? "light",
    ignoreHTTPSErrors: true,
  });
  context.setDefaultTimeout(30_000);
  return context;
}

function definedOnly(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
