import { existsSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { requestedNames } from "./identity.ts";
import { writeSecretFile } from "../store/files.ts";
import { pemBlocks } from "../line/pem.ts";

/** A request that waits for the authority's certificate; its key never leaves the appliance. */
export interface WaitingRequest {
  readonly names: readonly string[];
  /** PEM, for the authority. */
  readonly request: string;
  /** PEM. */
  readonly privateKey: string;
}

/** The request that waits, with its key in one file of the data directory; one at a time. */
export class RequestFile {
  readonly #file: string;

  constructor(dataDirectory: string) {
    this.#file = path.join(dataDirectory, "certificate-request.pem");
  }

  read(): WaitingRequest | undefined {
    if (!existsSync(this.#file)) return undefined;
    const blocks = pemBlocks(readFileSync(this.#file, "utf8"));
    const textOf = (ending: string) => blocks.find(({ label }) => label.endsWith(ending))?.text;
    const [request, privateKey] = [textOf("REQUEST"), textOf("PRIVATE KEY")];
    if (request === undefined || privateKey === undefined) return undefined;
    return { names: requestedNames(request), request: `${request}\n`, privateKey };
  }

  write({ request, privateKey }: Pick<WaitingRequest, "request" | "privateKey">): void {
    writeSecretFile(this.#file, `${request.trim()}\n${privateKey.trim()}\n`);
  }

  remove(): void {
    rmSync(this.#file, { force: true });
  }
}
