import {
  defaultTlsSettings,
  HandrailError,
  objectionText,
  remarkText,
  type Judgement,
  type RequestKey,
  requestKeys,
  tlsSettingsShape,
} from "@handrail/protocol";
import { systemClock } from "../clock.ts";
import type { Settings } from "../config.ts";
import { formatFingerprint } from "./identity.ts";
import { findIdentity } from "./own-identity.ts";
import { misused, parseCommandLine } from "../command-line.ts";
import { complain, print } from "../log.ts";
import { applianceValues } from "../store/appliance-values.ts";
import type { AuditLog } from "../store/audit.ts";
import { signalHolder } from "../store/data-lock.ts";
import type { Store } from "../store/database.ts";
import { CertificateDesk, type CertificateView } from "./desk.ts";
import { HandOvers } from "./hand-over.ts";
import { AcmeBook } from "./acme/book.ts";
import { acmeCommand } from "./acme/command.ts";
import { AcmeDesk } from "./acme/desk.ts";
import { namesShape } from "./names.ts";
import { readNamedFile } from "./named-file.ts";

const usage = `Usage: handrail certificate <command>
  show                                        says what the certificate is, and how TLS is taken
  new --name NAME…                            makes one of the appliance's own, with a new key
  csr --name NAME… [--key KIND]               makes a request for an authority, and prints it
  check FILE [--key-file FILE]                says whether a certificate could be used
  upload FILE [--key-file FILE]               uses it
  tls [--oldest 1.0|1.1|1.2] [--newest 1.2|1.3] [--ciphers NAME:NAME…|default]
                                              changes how TLS is taken
  acme …                                      gets it by itself, from a directory (ACME)
  --no-hand-over                              with new and upload: the former key is known to
                                              others, so that nobody is led over from it
KIND is ${requestKeys.join(", ")}. FILE is in PEM; - is standard input.`;

const options = {
  name: { type: "string", multiple: true },
  key: { type: "string", default: requestKeys[0] },
  "key-file": { type: "string" },
  "no-hand-over": { type: "boolean", default: false },
  oldest: { type: "string" },
  newest: { type: "string" },
  ciphers: { type: "string" },
} as const;

/** What the command works on. */
export interface CommandBase {
  readonly settings: Settings;
  readonly store: Store;
  readonly audit: AuditLog;
}

/** `handrail certificate …`: exit code 0 when done, 1 when refused, 2 for a wrong command. */
export async function certificateCommand(args: string[], base: CommandBase): Promise<number> {
  const isAcme = args[0] === "acme";
  const parsed = isAcme ? undefined : parseCommandLine(args, options);
  if (!isAcme && !parsed) return misused(usage);
  const { desk, acmeDesk, tellServer } = await openDesk(base);
  try {
    if (!parsed) {
      const tell = () => signalHolder(base.settings.dataDirectory, "SIGHUP");
      return await acmeCommand(args.slice(1), { desk: acmeDesk, tellServer: tell });
    }
    const code = await run(desk, parsed);
    tellServer();
    return code;
  } catch (error) {
    if (!(error instanceof HandrailError)) throw error;
    complain(error.message);
    return 1;
  }
}

type Parsed = NonNullable<ReturnType<typeof parseCommandLine<typeof options>>>;

async function run(desk: CertificateDesk, { positionals, values }: Parsed): Promise<number> {
  const [verb, file] = positionals;
  const by = { name: "operator" };
  const handsOver = !values["no-hand-over"];
  switch (verb) {
    case "show":
      return show(desk.view);
    case "new": {
      const names = namesOf(values);
      if (!names) return misused(usage);
      await desk.makeOwn(names, { handsOver, by });
      return show(desk.view);
    }
    case "csr": {
      const [names, key] = [namesOf(values), requestKeys.find((each) => each === values.key)];
      return names && key ? request(desk, names, key) : misused(usage);
    }
    case "check":
      return file === undefined ? misused(usage) : tell(desk.check(proposalOf(file, values)));
    case "upload": {
      if (file === undefined) return misused(usage);
      const code = tell(await desk.use(proposalOf(file, values), { handsOver, by }));
      return code === 0 ? show(desk.view) : code;
    }
    case "tls":
      return changeTls(desk, values);
    default:
      return misused(usage);
  }
}

/** The desk on the data of an appliance, whether it runs or not. */
async function openDesk({ settings, store, audit }: CommandBase) {
  const values = applianceValues(store);
  let current = await findIdentity(settings, { clock: systemClock, values });
  let isChanged = false;
  const live = {
    current: () => current,
    take(identity: typeof current) {
      current = identity;
      isChanged = true;
    },
  };
  const handOvers = new HandOvers(values, systemClock);
  const clock = systemClock;
  const desk = new CertificateDesk({ settings, clock, audit, values, handOvers, live });
  const tellServer = () => {
    if (!isChanged) return;
    const isTold = signalHolder(settings.dataDirectory, "SIGHUP");
    complain(isTold ? "The running appliance takes it over." : "The next start takes it over.");
  };
  const acmeDesk = new AcmeDesk({
    ...{ settings, clock, audit, certificates: desk },
    book: new AcmeBook(values),
    changed: () => undefined,
  });
  return { desk, acmeDesk, tellServer };
}

function show({ source, facts, request: waiting, tls }: CertificateView): number {
  const sources = {
    own: "of the appliance's own make",
    acme: "got by itself (ACME)",
    uploaded: "put here by an administrator",
    files: "from the files that the settings name",
  };
  const day = (at: number) => new Date(at).toISOString().slice(0, 10);
  print(`Certificate of ${facts.subject}, ${sources[source]}`);
  print(`  Names        ${facts.names.join(", ")}`);
  print(`  Issuer       ${facts.isSelfSigned ? "itself" : facts.issuer}`);
  print(`  Good         from ${day(facts.validFrom)} to ${day(facts.validTo)}`);
  print(`  Key          ${facts.key}`);
  print(`  SHA-256      ${formatFingerprint(facts.fingerprint)}`);
  for (const each of facts.authorities) {
    print(`  Authority    ${each.subject}, to ${day(each.validTo)}`);
  }
  if (waiting) print(`A request waits for its certificate: ${waiting.names.join(", ")}`);
  print(`TLS from ${tls.oldest} to ${tls.newest}: ${tls.ciphers.join(":")}`);
  return 0;
}

async function request(
  desk: CertificateDesk,
  names: readonly string[],
  key: RequestKey,
): Promise<number> {
  print((await desk.request(names, key, { name: "operator" })).trim());
  return 0;
}

function tell(judgement: Judgement): number {
  if (!judgement.ok) {
    complain(objectionText(judgement.objection, "en"));
    return 1;
  }
  for (const remark of judgement.remarks) complain(remarkText(remark, "en"));
  print(`The certificate of ${judgement.facts.subject} can be used.`);
  return 0;
}

async function changeTls(desk: CertificateDesk, values: Parsed["values"]): Promise<number> {
  const versionOf = (said: string) => (said === "1.0" ? "TLSv1" : `TLSv${said}`);
  const { oldest, newest, ciphers } = values;
  const given = ciphers === "default" ? defaultTlsSettings.ciphers : ciphers?.split(":");
  const wanted = tlsSettingsShape.safeParse({
    ...desk.view.tls,
    ...(oldest === undefined ? {} : { oldest: versionOf(oldest) }),
    ...(newest === undefined ? {} : { newest: versionOf(newest) }),
    ...(given === undefined ? {} : { ciphers: given }),
  });
  if (!wanted.success) {
    complain(wanted.error.issues[0]?.message ?? "");
    return misused(usage);
  }
  await desk.changeTls(wanted.data, { name: "operator" });
  return show(desk.view);
}

function namesOf({ name }: Parsed["values"]): string[] | undefined {
  const names = namesShape.safeParse(name ?? []);
  if (names.success) return names.data;
  complain(names.error.issues[0]?.message ?? "");
  return undefined;
}

function proposalOf(file: string, { "key-file": keyFile }: Parsed["values"]) {
  const certificate = readNamedFile(file);
  return keyFile === undefined ? { certificate } : { certificate, key: readNamedFile(keyFile) };
}
