import { createHash, randomBytes } from "node:crypto";
import { HandrailError } from "@handrail/protocol";
import * as vscode from "vscode";

/** One sign-in through the browser. Source: RFC 7636 (PKCE), RFC 6749 section 10.12 (state). */
export interface BrowserAttempt {
  readonly state: string;
  readonly verifier: string;
  readonly challenge: string;
  readonly redirectUri: string;
}

/** A new attempt, with secrets of 256 bits. */
export function newAttempt(uriScheme: string): BrowserAttempt {
  const verifier = randomBytes(32).toString("base64url");
  return {
    state: randomBytes(32).toString("base64url"),
    verifier,
    challenge: createHash("sha256").update(verifier).digest("base64url"),
    redirectUri: `${uriScheme}://handrail.handrail/auth`,
  };
}

/** Where the browser comes back to: `vscode://handrail.handrail/auth?code=…&state=…`. */
export class BrowserReturn implements vscode.UriHandler, vscode.Disposable {
  readonly #waiting = new Map<string, (query: URLSearchParams) => void>();
  readonly #registration = vscode.window.registerUriHandler(this);

  /** Called by VS Code. An address that nobody waits for is ignored: anyone may make one. */
  handleUri(uri: vscode.Uri): void {
    if (uri.path !== "/auth") return;
    const query = new URLSearchParams(uri.query);
    const state = query.get("state") ?? "";
    this.#waiting.get(state)?.(query);
    this.#waiting.delete(state);
  }

  /** The code with which the browser comes back. @throws HandrailError `not-permitted` */
  code(attempt: BrowserAttempt, signal: AbortSignal): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#waiting.set(attempt.state, (query) => {
        const code = query.get("code");
        if (code) resolve(code);
        else reject(new HandrailError("not-permitted", "the sign-in was refused in the browser"));
      });
      signal.addEventListener("abort", () => {
        this.#waiting.delete(attempt.state);
        reject(new HandrailError("cancelled", "the sign-in was cancelled"));
      });
    });
  }

  dispose(): void {
    this.#registration.dispose();
  }
}
