import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Appliance } from "../../support/appliance.ts";
import { sampleCustomer } from "../../support/party.ts";
import { Shaper } from "../../support/shaper.ts";
import { accessToken, Admin } from "../../support/signed-in.ts";
import { cpuSeconds } from "../cpu.ts";
import { type Bench, type BenchReport, percentile, round } from "../report.ts";
import { makeKeyPair, startBareNode, startNginx } from "./nginx.ts";
import { End } from "./orders.ts";
import type { SinkPlace } from "./sink.ts";
import type { SourcePlace } from "./source.ts";

/** Until V8 has compiled what is hot: what that costs is no cost of forwarding. */
const warmUpBytes = 384e6;
const turnBytes = 128e6;
const turns = 4;
const probes = 250;
/** The line between the customer and the appliance while probes are timed. */
const line = { upKbitPerSecond: 20_000, downKbitPerSecond: 20_000, rttMs: 2 };
const program = { name: "bench", version: "0.1.0", platform: "linux-x64" };

/** A way from a customer's end to a far end, and the process in between that does the work. */
interface Route extends AsyncDisposable {
  readonly source: End;
  readonly sink: End;
  readonly relayPid: number;
}

/** What one route has carried, in all its turns. */
interface Carried {
  bytes: number;
  wallSeconds: number;
  relaySeconds: number;
}

/** What each route has carried. */
interface Sums {
  readonly ours: Carried;
  readonly nginx: Carried;
  readonly bare: Carried;
}

/** Our relay beside nginx and bare Node, in turns on one machine; then probes beside a full line. */
export const relayBench: Bench = {
  name: "relay",
  run: async () => {
    await using stack = new AsyncDisposableStack();
    const appliance = stack.use(await Appliance.start());
    await letInUnasked(appliance);
    const ours = await measureAll(appliance, stack);
    return report(ours, await probe(appliance));
  },
};

/** Nobody is asked and nothing is recorded, so that forwarding is all that is measured. */
async function letInUnasked(appliance: Appliance): Promise<void> {
  await appliance.setUp();
  const admin = new Admin(appliance);
  await admin.signIn();
  const { representatives } = await admin.json<{ representatives: { id: string }[] }>(
    "representatives",
  );
  const rules = {
    view: { setting: "allow", consent: "never" },
    control: { setting: "allow", consent: "never" },
    record: { setting: "deny" },
  };
  for (const { id } of representatives) {
    const answer = await admin.write(`representatives/${id}`, { rules }, "PATCH");
    if (answer.status >= 300) throw new Error(`the rules were refused: ${answer.text}`);
  }
}

/** Lets the routes take turns, so that what else the machine does touches both alike. */
async function measureAll(appliance: Appliance, stack: AsyncDisposableStack): Promise<Sums> {
  const ours = stack.use(await throughAppliance(appliance, appliance.port));
  const nginx = stack.use(await throughProxy(startNginx));
  const bare = stack.use(await throughProxy(startBareNode));
  const sums = { ours: nothing(), nginx: nothing(), bare: nothing() };
  for (const route of [ours, nginx, bare]) await route.source.order("send", warmUpBytes);
  for (let turn = 0; turn < turns; turn++) {
    await carry(ours, sums.ours);
    await carry(nginx, sums.nginx);
    await carry(bare, sums.bare);
  }
  return sums;
}

async function carry(route: Route, sum: Carried): Promise<void> {
  const relayBefore = await cpuSeconds(route.relayPid);
  const startedAt = performance.now();
  sum.bytes += await route.source.order<number>("send", turnBytes);
  sum.wallSeconds += (performance.now() - startedAt) / 1000;
  sum.relaySeconds += (await cpuSeconds(route.relayPid)) - relayBefore;
}

function nothing(): Carried {
  return { bytes: 0, wallSeconds: 0, relaySeconds: 0 };
}

/** A customer and a console at the appliance; the customer's link goes by `customerPort`. */
async function throughAppliance(appliance: Appliance, customerPort: number): Promise<Route> {
  await using stack = new AsyncDisposableStack();
  const console = { url: appliance.url, accessToken: await accessToken(appliance) };
  const sink = stack.use(new End("./sink.ts", console satisfies SinkPlace));
  const hello = {
    role: "customer",
    versions: [1],
    program,
    credential: { key: await sink.order<string>("key") },
    customer: sampleCustomer,
  };
  const place: SourcePlace = { url: `https://127.0.0.1:${customerPort}`, hello };
  const source = stack.use(new End("./source.ts", place));
  await sink.order("watch");
  await source.order("ready");
  const parts = stack.move();
  return {
    source,
    sink,
    relayPid: appliance.program.pid,
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
}

/** The same two ends, with a proxy between them that knows no frames. */
async function throughProxy(start: typeof startNginx): Promise<Route> {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(path.join(tmpdir(), "handrail-relay-bench-"));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const files = await makeKeyPair(folder);
  const pair = {
    key: await readFile(files.keyFile, "utf8"),
    cert: await readFile(files.certificateFile, "utf8"),
  };
  const sink = stack.use(new End("./sink.ts", pair satisfies SinkPlace));
  const { program, port } = await start(await sink.order<number>("serve"), files);
  stack.use(program);
  const place: SourcePlace = { url: `https://127.0.0.1:${port}` };
  const source = stack.use(new End("./source.ts", place));
  await source.order("ready");
  const parts = stack.move();
  return {
    source,
    sink,
    relayPid: program.pid,
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
}

/** Times of probes, ms, while the customer sends as much screen as the line takes. */
interface Probes {
  /** One way: from the console's input to the customer. */
  readonly inputs: readonly number[];
  /** There and back: until the screen message behind it, among the others, is at the console. */
  readonly answers: readonly number[];
}

async function probe(appliance: Appliance): Promise<Probes> {
  await using shaper = await Shaper.start(appliance.port, line);
  await using route = await throughAppliance(appliance, shaper.port);
  await route.sink.order("prompt");
  await route.source.order("flow");
  // The window needs some round trips to find the line's rate; these probes are not counted.
  await route.sink.order("probe", 100);
  await route.source.order("times");
  const answers = await route.sink.order<number[]>("probe", probes);
  const inputs = await route.source.order<number[]>("times");
  await route.source.order("rest");
  return { inputs, answers };
}

function report(sums: Sums, probes: Probes): BenchReport {
  const [ours, nginx, bare] = [perGb(sums.ours), perGb(sums.nginx), perGb(sums.bare)];
  const figures = {
    mbPerSecond: ours.mbPerSecond,
    nginxMbPerSecond: nginx.mbPerSecond,
    cpuSecondsPerGb: ours.cpuSecondsPerGb,
    nginxCpuSecondsPerGb: nginx.cpuSecondsPerGb,
    bareNodeMbPerSecond: bare.mbPerSecond,
    bareNodeCpuSecondsPerGb: bare.cpuSecondsPerGb,
    cpuRatio: round(ours.cpuSecondsPerGb / nginx.cpuSecondsPerGb, 2),
    probeMsP50: round(percentile(probes.inputs, 0.5)),
    probeMsP99: round(percentile(probes.inputs, 0.99)),
    answerMsP50: round(percentile(probes.answers, 0.5)),
    answerMsP99: round(percentile(probes.answers, 0.99)),
  };
  return {
    title: "relay: 16 KB frames, TLS 1.3 on both legs; probes beside a full line of 20 Mbit/s",
    columns: ["what", "Handrail", "nginx", "bare Node"],
    rows: [
      ["MB/s", ours.mbPerSecond, nginx.mbPerSecond, bare.mbPerSecond],
      ["CPU s per GB", ours.cpuSecondsPerGb, nginx.cpuSecondsPerGb, bare.cpuSecondsPerGb],
      [
        "CPU, times nginx",
        figures.cpuRatio,
        1,
        round(bare.cpuSecondsPerGb / nginx.cpuSecondsPerGb, 2),
      ],
      ["input beside bulk, p50 ms", figures.probeMsP50, "", ""],
      ["input beside bulk, p99 ms", figures.probeMsP99, "", ""],
      ["input to answer, p50 ms", figures.answerMsP50, "", ""],
      ["input to answer, p99 ms", figures.answerMsP99, "", ""],
    ],
    figures,
  };
}

function perGb(sum: Carried): { mbPerSecond: number; cpuSecondsPerGb: number } {
  return {
    mbPerSecond: round(sum.bytes / 1e6 / sum.wallSeconds),
    cpuSecondsPerGb: round(sum.relaySeconds / (sum.bytes / 1e9), 2),
  };
}
