import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import path from "node:path";
import { inputMessage, type InputMessage, viewerMessage } from "@handrail/protocol";
import { type RawData, type WebSocket, WebSocketServer } from "ws";
import {
  HostEnd,
  type HostHandlers,
  paneDocument,
  type PaneLanguage,
  type PaneTable,
  streamChannels,
} from "../../media/pane/contract.ts";
import { type Browser, openContext, type Page } from "../support/chromium.ts";
import { root } from "../support/root.ts";
import { paneThemes } from "./pane-theme.ts";

declare global {
  interface Window {
    fromPane(message: unknown): void;
    acquireVsCodeApi(): {
      postMessage(message: unknown): void;
      setState(state: unknown): void;
    };
  }
}

const types: Readonly<Record<string, string>> = {
  ".js": "text/javascript",
  ".css": "text/css",
};

/** How a pane is shown. */
export interface StandOptions<T extends PaneTable> {
  readonly pane: "session" | "player";
  readonly handlers: HostHandlers<T>;
  readonly theme?: string;
  readonly language?: PaneLanguage;
  readonly viewport?: { width: number; height: number };
}

/**
 * A pane in a real browser with a real host's end: the built bundles from dist/media, the document
 * and content security policy that an editor would show, the editor's colours.
 */
export class PaneStand<T extends PaneTable> implements AsyncDisposable {
  readonly page: Page;
  readonly end: HostEnd<T>;
  readonly faults: string[] = [];
  readonly #server: Server;

  private constructor(page: Page, server: Server, end: HostEnd<T>) {
    this.page = page;
    this.#server = server;
    this.end = end;
  }

  static async open<T extends PaneTable>(
    browser: Browser,
    options: StandOptions<T>,
  ): Promise<PaneStand<T>> {
    const server = await serveBundles(options);
    const theme = options.theme ?? "vscode-dark";
    const context = await openContext(browser, {
      viewport: options.viewport ?? { width: 1100, height: 700 },
      theme: theme === "vscode-light" ? "light" : "dark",
    });
    const page = await context.newPage();
    const end = new HostEnd<T>({
      handlers: options.handlers,
      post: (message) => void page.evaluate((sent) => window.postMessage(sent, "*"), message),
      refusalOf: (error) => ({ code: "internal", message: String(error) }),
      ...hooks.get(options.handlers),
    });
    const stand = new PaneStand(page, server, end);
    page.on("pageerror", (error) => stand.faults.push(String(error)));
    page.on("console", (line) => {
      if (line.type() === "error") stand.faults.push(line.text());
    });
    await page.exposeFunction("fromPane", (message: unknown) => end.receive(message));
    await page.addInitScript(dressPage, { theme, variables: paneThemes[theme] ?? {} });
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("no port");
    await page.goto(`http://127.0.0.1:${address.port}/`);
    return stand;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.page.context().close();
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

/** What a host with a stream by messages wants to hear as well. */
const hooks = new WeakMap<
  object,
  { fromStream?: (channel: 0 | 1, message: Uint8Array) => void; taken?: () => void }
>();

/** Lets a host hear its stream by messages. */
export function hearStream(
  handlers: object,
  heard: { fromStream?: (channel: 0 | 1, message: Uint8Array) => void; taken?: () => void },
): void {
  hooks.set(handlers, heard);
}

/** Runs in the page before its own scripts, as an editor's frame does. */
function dressPage(dress: { theme: string; variables: Readonly<Record<string, string>> }): void {
  window.acquireVsCodeApi = () => ({
    postMessage: (message) => window.fromPane(message),
    setState: (state) => Reflect.set(window, "keptState", state),
  });
  addEventListener("DOMContentLoaded", () => {
    document.body.classList.add(dress.theme);
    for (const [name, value] of Object.entries(dress.variables)) {
      document.documentElement.style.setProperty(`--vscode-${name}`, value);
    }
  });
}

async function serveBundles<T extends PaneTable>(options: StandOptions<T>): Promise<Server> {
  const dist = path.join(root, "dist");
  if (!existsSync(path.join(dist, "media/pane/session.js"))) {
    throw new Error("dist/media is missing: node media/build.ts makes it");
  }
  const server = createServer((request, response) => {
    const name = request.url ?? "/";
    if (name === "/") {
      const html = paneDocument({
        pane: options.pane,
        language: options.language ?? "en",
        title: "Pane",
        nonce: randomBytes(16).toString("hex"),
        cspSource: "'self'",
        asset: (file) => `/${file}`,
      });
      response.writeHead(200, { "content-type": "text/html" }).end(html);
      return;
    }
    if (name === "/favicon.ico") return void response.writeHead(204).end();
    readFile(path.join(dist, path.normalize(name))).then(
      (bytes) => {
        const type = types[path.extname(name)] ?? "application/octet-stream";
        response.writeHead(200, { "content-type": type }).end(bytes);
      },
      () => response.writeHead(404).end(),
    );
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return server;
}

/** The host's loopback socket for one pane: sends surface messages, keeps what comes back. */
export class StreamSource implements AsyncDisposable {
  readonly acknowledged: { epoch: number; seq: number; atMs: number }[] = [];
  readonly input: InputMessage[] = [];
  readonly #server: WebSocketServer;
  readonly #token = randomBytes(16).toString("hex");
  #socket: WebSocket | undefined;
  #heard: (() => void)[] = [];

  private constructor(server: WebSocketServer) {
    this.#server = server;
    server.on("connection", (socket) => {
      socket.once("message", (data: RawData) => this.#admit(socket, textOf(data)));
    });
  }

  static async open(): Promise<StreamSource> {
    const server = new WebSocketServer({ host: "127.0.0.1", port: 0, perMessageDeflate: false });
    await once(server, "listening");
    return new StreamSource(server);
  }

  get offer(): { stream: { url: string; token: string } } {
    const address = this.#server.address();
    if (address === null || typeof address === "string") throw new Error("no port");
    return { stream: { url: `ws://127.0.0.1:${address.port}/`, token: this.#token } };
  }

  get isOpen(): boolean {
    return this.#socket !== undefined;
  }

  send(message: Uint8Array): void {
    this.#socket?.send(message);
  }

  /** Cuts the line, as a host that dies. */
  cut(): void {
    this.#socket?.terminate();
    this.#socket = undefined;
  }

  /** Resolves when the next message has come from the pane. */
  heard(): Promise<void> {
    return new Promise((resolve) => this.#heard.push(resolve));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#server.clients) socket.terminate();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #admit(socket: WebSocket, token: string): void {
    if (token !== this.#token) return socket.close(4401);
    this.#socket = socket;
    socket.on("message", (data: RawData) => this.#take(bytesOf(data)));
  }

  #take(bytes: Buffer): void {
    const message = bytes.subarray(1);
    if (bytes[0] === streamChannels.input) this.input.push(inputMessage.decode(message));
    else {
      const answer = viewerMessage.decode(message);
      const atMs = performance.now();
      if (answer.type === "ack") this.acknowledged.push({ ...answer, atMs });
    }
    for (const tell of this.#heard.splice(0)) tell();
  }
}

function bytesOf(data: RawData): Buffer {
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data as Buffer);
}

function textOf(data: RawData): string {
  return bytesOf(data).toString("utf8");
}
