import { AsyncLocalStorage } from "node:async_hooks";
import { setTimeout as pause } from "node:timers/promises";
import { axios, type Authorization, Client, crypto, type Order } from "acme-client";
import type { AcmeSettings } from "@handrail/protocol/upkeep";
import type { LineWay } from "../../line/open-socket.ts";
import type { Challenges } from "./challenges.ts";
import { readDirectory } from "./directory.ts";
import { AcmeError, Line } from "./line.ts";
import { problemFault, problemIn, problemShape } from "./problem.ts";

/** What an order rests on. */
export interface OrderOptions {
  readonly settings: AcmeSettings;
  /** PEM. */
  readonly accountKey: string;
  /** Address of the account, when there is one already. */
  readonly account: string | undefined;
  /** The key that goes with `externalKeyId`, base64url. */
  readonly externalKey: string | undefined;
  /** The request for the certificate, PEM. */
  readonly request: string;
  readonly challenges: Challenges;
  readonly way: LineWay;
  /** Told of the account's address as soon as it is known. */
  readonly registered: (account: string) => void;
}

type Proof = Authorization["challenges"][number];

const pollMs = 1_000;
const maxPolls = 90;

/** The line by which the library asks: it has one way out for all of its clients. */
const lines = new AsyncLocalStorage<Line>();

axios.defaults.adapter = async (config) => {
  const line = lines.getStore();
  if (!line) throw new Error("nobody has opened a line");
  const { headers, method = "get", url = "" } = config;
  const data: unknown = config.data;
  const answer = await line.ask({
    url,
    method: method.toUpperCase(),
    headers: linesOf(headers.toJSON()),
    ...(typeof data === "string" ? { body: data } : {}),
  });
  const problem = problemIn(answer);
  if (problem) throw problem;
  const { status, text } = answer;
  return { data: text, status, statusText: "", headers: linesOf(answer.headers), config };
};

/** Headers, each in one line. */
function linesOf(headers: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, String(value)] as const),
  );
}

/**
 * Gets a certificate with its chain, PEM: registers the account where there is none, shows for each
 * name that it is the appliance's, and hands the request in.
 * @throws AcmeError why there is none; what the signal's abort says
 */
export async function orderCertificate(options: OrderOptions): Promise<string> {
  using line = new Line(options.settings.authority, options.way);
  return await lines.run(line, async () => {
    await readDirectory(line, options.settings.directory);
    const client = await openAccount(options);
    const order = await client.createOrder({
      identifiers: options.settings.names.map((value) => ({ type: "dns", value })),
    });
    for (const authorization of await client.getAuthorizations(order)) {
      if (authorization.status !== "valid")
        await prove(client, authorization, { ...options, order });
    }
    const finished = await finish(client, order, options);
    return client.getCertificate(finished);
  });
}

async function openAccount(options: OrderOptions): Promise<Client> {
  const { account, accountKey, externalKey, settings } = options;
  const client = new Client({
    directoryUrl: settings.directory,
    accountKey,
    ...(account === undefined ? {} : { accountUrl: account }),
    ...(externalKey === undefined || settings.externalKeyId === ""
      ? {}
      : { externalAccountBinding: { kid: settings.externalKeyId, hmacKey: externalKey } }),
  });
  await client.createAccount({
    termsOfServiceAgreed: true,
    contact: settings.contact === "" ? [] : [`mailto:${settings.contact}`],
  });
  options.registered(client.getAccountUrl());
  return client;
}

/** Shows one name, and waits until the directory has seen it. */
async function prove(
  client: Client,
  authorization: Authorization,
  options: OrderOptions & { readonly order: Order },
): Promise<void> {
  const { order, settings, way } = options;
  const name = authorization.identifier.value;
  const proof = authorization.challenges.find(({ type }) => type === settings.proof);
  if (!proof) {
    const detail = `no ${settings.proof} is offered`;
    throw new AcmeError({ reason: "unproven", about: name, detail });
  }
  using shown = new DisposableStack();
  shown.use(await show(client, authorization, { ...options, proof }));
  await client.completeChallenge(proof);
  for (let polls = 0; polls < maxPolls; polls++) {
    const all = await client.getAuthorizations(order);
    const now = all.find(({ identifier }) => identifier.value === name);
    if (now?.status === "valid") return;
    if (now && now.status !== "pending") throw unproven(now);
    await pause(pollMs, undefined, { signal: way.signal });
  }
  const detail = `${settings.proof} was not looked at in time`;
  throw new AcmeError({ reason: "unproven", about: name, detail });
}

async function show(
  client: Client,
  authorization: Authorization,
  { challenges, proof }: OrderOptions & { readonly proof: Proof },
): Promise<Disposable> {
  const answer = await client.getChallengeKeyAuthorization(proof);
  if (proof.type === "http-01") return challenges.offerPlain(proof.token, answer);
  const made = await crypto.createPrivateEcdsaKey();
  const [key, cert] = await crypto.createAlpnCertificate(authorization, answer, made);
  return challenges.offerTls(authorization.identifier.value, { key, cert });
}

function unproven({ challenges, identifier, status }: Authorization): AcmeError {
  const told = challenges.map((each) =>
    "error" in each ? problemShape.safeParse(each.error) : undefined,
  );
  const problem = told.find((each) => each?.success)?.data ?? { detail: `it is ${status}` };
  return new AcmeError({ ...problemFault(problem, "unproven"), about: identifier.value });
}

async function finish(client: Client, order: Order, options: OrderOptions): Promise<Order> {
  let now = await client.finalizeOrder(order, options.request);
  for (let polls = 0; polls < maxPolls && now.status === "processing"; polls++) {
    await pause(pollMs, undefined, { signal: options.way.signal });
    now = await client.getOrder(order);
  }
  if (now.status === "valid") return now;
  const problem = "error" in now ? problemShape.safeParse(now.error) : undefined;
  const told = problem?.success ? problem.data : { detail: `the order is ${now.status}` };
  throw new AcmeError(problemFault(told, "refused"));
}
