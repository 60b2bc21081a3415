import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Authority } from "./authority.ts";
import { freePort } from "./free-port.ts";
import { poll } from "./poll.ts";
import { Program } from "./processes.ts";
import { connect } from "node:net";

/** What a directory looks at, and whom it serves. */
export interface PebbleOptions {
  /** Where it looks for proofs by TLS and by HTTP: ports of 127.0.0.1, whatever the name. */
  readonly tlsPort: number;
  readonly httpPort?: number;
  /** Keys of accounts that exist elsewhere, by their identifiers; with any, it serves no others. */
  readonly externalKeys?: Readonly<Record<string, string>>;
  /** Names for which it issues nothing. */
  readonly blocked?: readonly string[];
  /** It looks at no proof. */
  readonly trustsAll?: boolean;
}

/** A real ACME server (Debian's pebble) with a name server for which every name is this machine. */
export class Pebble implements AsyncDisposable {
  readonly directory: string;
  /** Who vouches for the directory's own certificate, PEM. */
  readonly authority: string;
  readonly #stack: AsyncDisposableStack;

  static async start(options: PebbleOptions): Promise<Pebble> {
    await using stack = new AsyncDisposableStack();
    const authority = stack.use(new Authority());
    const folder = await mkdtemp(path.join(tmpdir(), "handrail-pebble-"));
    stack.defer(() => rm(folder, { recursive: true, force: true }));
    const place = (name: string) => path.join(folder, name);
    const issued = authority.issue({ host: "127.0.0.1" });
    await writeFile(place("cert.pem"), issued.certificate + authority.intermediate);
    await writeFile(place("key.pem"), issued.key);
    const [port, managementPort, namePort, nameManagementPort] = await Promise.all([
      freePort(),
      freePort(),
      freePort(),
      freePort(),
    ]);
    const { blocked = [], externalKeys = {}, httpPort = 9, tlsPort, trustsAll = false } = options;
    const pebble = {
      listenAddress: `127.0.0.1:${port}`,
      managementListenAddress: `127.0.0.1:${managementPort}`,
      ...{ certificate: place("cert.pem"), privateKey: place("key.pem"), httpPort, tlsPort },
      ocspResponderURL: "",
      externalAccountBindingRequired: Object.keys(externalKeys).length > 0,
      externalAccountMACKeys: externalKeys,
      domainBlocklist: blocked,
    };
    await writeFile(place("pebble.json"), JSON.stringify({ pebble }));
    const off = ["-http01", "", "-https01", "", "-tlsalpn01", "", "-defaultIPv6", ""];
    const names = ["-dns01", `127.0.0.1:${namePort}`];
    const managed = ["-management", `127.0.0.1:${nameManagementPort}`];
    stack.use(new Program("pebble-challtestsrv", { args: [...off, ...names, ...managed] }));
    const program = stack.use(
      new Program("pebble", {
        args: ["-config", place("pebble.json"), "-dnsserver", `127.0.0.1:${namePort}`],
        env: {
          ...{ ...process.env, PEBBLE_VA_NOSLEEP: "1" },
          ...(trustsAll ? { PEBBLE_VA_ALWAYS_VALID: "1" } : {}),
        },
      }),
    );
    await program.until("it listens", () => isOpen(port));
    await poll("names are known", () => isOpen(nameManagementPort));
    const directory = `https://127.0.0.1:${port}/dir`;
    return new Pebble({ directory, authority: authority.root, stack: stack.move() });
  }

  private constructor(parts: {
    directory: string;
    authority: string;
    stack: AsyncDisposableStack;
  }) {
    this.directory = parts.directory;
    this.authority = parts.authority;
    this.#stack = parts.stack;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#stack.disposeAsync();
  }
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
}
