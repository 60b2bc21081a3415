import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:https";
import { tmpdir } from "node:os";
import path from "node:path";
import { isRepresentativeId, type PolicyLayer, type RepresentativeId } from "@handrail/protocol";
import { type Clock, systemClock } from "../../appliance/server/clock.ts";
import { loadIdentity } from "../../appliance/server/certificate/identity.ts";
import { createLog } from "../../appliance/server/log.ts";
import { type Account, Broker, type BrokerOptions } from "../../appliance/server/relay/broker.ts";
import { AuditLog } from "../../appliance/server/store/audit.ts";
import { openStore, type Store } from "../../appliance/server/store/database.ts";

/** What a test may choose. */
export interface RelayOptions {
  /** Kept for a second run; a folder of its own, thrown away, when absent. */
  readonly dataDirectory?: string;
  readonly recordingsDirectory?: string;
  readonly clock?: Clock;
  readonly config?: Partial<BrokerOptions["config"]>;
  /** Keys go to nobody by mail when absent. */
  readonly keyCourier?: (
    parts: Pick<BrokerOptions, "store" | "audit" | "clock">,
  ) => BrokerOptions["keyCourier"];
}

/** A site that mails no keys. */
const noCourier: BrokerOptions["keyCourier"] = {
  mailsKeys: false,
  address: () => undefined,
  send: async () => ({ ok: false, fault: "refused" }),
};

/**
 * The relay alone, behind a real TLS server on loopback: for tests that bring their own clock, their
 * own accounts or their own disk. An account's access token is its name.
 */
export class Relay implements AsyncDisposable {
  readonly broker: Broker;
  readonly audit: AuditLog;
  readonly store: Store;
  readonly dataDirectory: string;
  readonly log: string[];
  readonly #server: Server;
  readonly #accounts: Map<string, Account>;
  readonly #stack: AsyncDisposableStack;

  static async start(options: RelayOptions = {}): Promise<Relay> {
    await using stack = new AsyncDisposableStack();
    const dataDirectory = options.dataDirectory ?? (await temporary(stack));
    const clock = options.clock ?? systemClock;
    const lines: string[] = [];
    const log = createLog("debug", (line) => lines.push(line));
    const store = stack.use(openStore(path.join(dataDirectory, "handrail.sqlite"), clock));
    const audit = stack.use(new AuditLog({ store, clock, log }));
    const accounts = new Map<string, Account>();
    const broker = new Broker({
      store,
      audit,
      clock,
      log,
      siteName: "Example Support",
      keyCourier: options.keyCourier?.({ store, audit, clock }) ?? noCourier,
      config: {
        seats: 10,
        keyLifetimeMs: 20 * 60_000,
        publicUrl: "https://support.example.org",
        recordingsDirectory: options.recordingsDirectory ?? path.join(dataDirectory, "recordings"),
        shadowMemoryBytes: 256 * 1024 * 1024,
        keyAttemptsPerAddress: 1000,
        keyAttemptsPerSite: 10_000,
        ...options.config,
      },
      authenticate: async (token) => accounts.get(token),
      account: async (id) => [...accounts.values()].find((each) => each.id === id),
    });
    stack.defer(() => broker.close());
    const { certificate, privateKey } = await loadIdentity(dataDirectory, "127.0.0.1");
    const server = createServer({ cert: certificate, key: privateKey });
    server.on("upgrade", (request, socket, head) => broker.handleUpgrade(request, socket, head));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    stack.defer(() => void server.close());
    return new Relay({ broker, audit, store, dataDirectory, lines, server, accounts, stack });
  }

  private constructor(parts: {
    broker: Broker;
    audit: AuditLog;
    store: Store;
    dataDirectory: string;
    lines: string[];
    server: Server;
    accounts: Map<string, Account>;
    stack: AsyncDisposableStack;
  }) {
    this.broker = parts.broker;
    this.audit = parts.audit;
    this.store = parts.store;
    this.dataDirectory = parts.dataDirectory;
    this.log = parts.lines;
    this.#server = parts.server;
    this.#accounts = parts.accounts;
    this.#stack = parts.stack.move();
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === "object" && address ? address.port : 0;
  }

  get url(): string {
    return `https://127.0.0.1:${this.port}`;
  }

  /** Adds or replaces an account; it signs in with its name. */
  account(name: string, about: Partial<Omit<Account, "name">> = {}): Account {
    const before = this.#accounts.get(name);
    const id = about.id ?? before?.id ?? newId();
    const displayName = name[0]?.toUpperCase() + name.slice(1);
    const account: Account = { displayName, role: "representative", rules: {}, ...about, id, name };
    this.#accounts.set(name, account);
    return account;
  }

  /** Replaces the rules of an account. */
  rules(name: string, rules: PolicyLayer["rules"]): void {
    this.account(name, { ...this.#accounts.get(name), rules });
  }

  /** The account is disabled: it is as if it did not exist. */
  disable(name: string): void {
    this.#accounts.delete(name);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync();
  }
}

function newId(): RepresentativeId {
  const id = randomBytes(16).toString("hex");
  if (isRepresentativeId(id)) return id;
  throw new Error("32 hex digits are a representative's id");
}

async function temporary(stack: AsyncDisposableStack): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), "handrail-relay-"));
  stack.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}
