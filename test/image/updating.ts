import { execFileSync } from "node:child_process";
import { openAsBlob } from "node:fs";
import path from "node:path";
import { deriveRelease, packRelease } from "../support/release.ts";
import { root } from "../support/root.ts";
import type { Admin } from "../support/signed-in.ts";
import type { Machine } from "./machine.ts";
import type { Keys } from "./seeded.ts";
import { sendPieces, type Site } from "./site.ts";

/** What an appliance says of updates. */
export interface Updates {
  readonly version: string;
  readonly running?: unknown;
  readonly last?: { readonly to: string; readonly fault?: string };
}

/** Makes bundles out of the release that the image has in it. */
export class Bundles {
  readonly #keys: Keys;
  readonly #tree: string;

  constructor(keys: Keys) {
    this.#keys = keys;
    this.#tree = path.join(keys.folder, "tree");
    execFileSync("cp", ["--archive", path.join(root, "packer/dist/release"), this.#tree]);
  }

  /** One that serves. */
  well(version: string): Promise<string> {
    return packRelease(deriveRelease(this.#tree, version), this.#keys.signer);
  }

  /** One that starts, and is never well. */
  unwell(version: string): Promise<string> {
    const health =
      'export const healthRoutes = (app) => app.get("/healthz", (_, reply) => reply.status(503).send());';
    const changed = { "appliance/server/api/health.js": health };
    return packRelease(deriveRelease(this.#tree, version, changed), this.#keys.signer);
  }
}

/** Somebody who updates an appliance at /login. */
export class Updating {
  readonly #machine: Machine;
  readonly #site: Site;
  readonly #admin: Admin;

  constructor(machine: Machine, site: Site, admin: Admin) {
    this.#machine = machine;
    this.#site = site;
    this.#admin = admin;
  }

  read(): Promise<Updates> {
    return this.#admin.json<Updates>("updates");
  }

  /** Sends a bundle, as the page does, and has it installed, which has then begun. */
  async begin(bundle: string): Promise<void> {
    await sendPieces(await openAsBlob(bundle), (at, bytes) =>
      this.#site.ask(`/login/api/updates/piece?at=${at}`, { bytes, headers: this.#admin.headers }),
    );
    await this.#ask("check", {}, 200);
    await this.#ask("install", {}, 202);
  }

  /** Has the release before run again. */
  async goBack(): Promise<void> {
    await this.#ask("rollback", { loseChanges: false }, 202);
  }

  /** Waits until an update has ended, while which the server may not answer. */
  ended(): Promise<Updates> {
    return this.#machine.until("the update has ended", async () => {
      if (!(await this.#site.facts())) return undefined;
      const now = await this.read();
      return now.running === undefined && now.last ? now : undefined;
    });
  }

  async #ask(what: string, body: object, status: number): Promise<void> {
    const answer = await this.#admin.write(`updates/${what}`, body);
    if (answer.status !== status) throw new Error(`${what} was refused: ${answer.text}`);
  }
}
