import * as vscode from "vscode";

/** How one signs in: through a browser that comes back, or by a code typed into any browser. */
export type SignInMethod = "auto" | "browser" | "code";

/** How pictures get into a pane: by a socket on this computer, or by VS Code's messages. */
export type ScreenTransport = "auto" | "loopback" | "messages";

/** Whether copies follow by themselves, or when the representative says so. */
export type ClipboardMode = "onDemand" | "automatic";

/** The settings of the console, read whenever they are asked for. */
export interface Settings {
  /** The site to sign in to, as typed; empty when none is prescribed. */
  readonly site: string;
  readonly signInMethod: SignInMethod;
  /** How long a new session key can be used, ms. */
  readonly sessionKeyLifetimeMs: number;
  readonly notifyWhenWaiting: boolean;
  readonly screenTransport: ScreenTransport;
  readonly clipboardMode: ClipboardMode;
}

/** The settings as VS Code holds them, under `handrail.`. */
export const settings: Settings = {
  get site() {
    return read("site", "");
  },
  get signInMethod() {
    const method = read<string>("signInMethod", "auto");
    return method === "browser" || method === "code" ? method : "auto";
  },
  get sessionKeyLifetimeMs() {
    const minutes = read("sessionKeyMinutes", 20);
    return Math.min(24 * 60, Math.max(1, Math.round(minutes))) * 60_000;
  },
  get notifyWhenWaiting() {
    return read("notifyWhenWaiting", true);
  },
  get screenTransport() {
    const transport = read<string>("screenTransport", "auto");
    return transport === "loopback" || transport === "messages" ? transport : "auto";
  },
  get clipboardMode() {
    return read<string>("clipboard.mode", "onDemand") === "automatic" ? "automatic" : "onDemand";
  },
};

function read<T>(name: string, otherwise: T): T {
  return vscode.workspace.getConfiguration("handrail").get<T>(name) ?? otherwise;
}
