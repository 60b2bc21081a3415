import { readdir } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { heartbeatMs } from "@handrail/protocol";
import { administrator, Appliance } from "../support/appliance.ts";
import { poll } from "../support/poll.ts";
import { Program } from "../support/processes.ts";
import { root } from "../support/root.ts";
import { accessToken, Admin } from "../support/signed-in.ts";
import { cpuSeconds, residentBytes } from "./cpu.ts";
import { type Bench, round } from "./report.ts";

const links = Number(process.env.HANDRAIL_BENCH_LINKS ?? 10_000);
/** Links that are not counted: with them, the appliance has loaded and compiled what it needs. */
const firstLinks = 200;
/** How many links the keys of one representative are for; the appliance lets them make 300 in a row. */
const linksPerRepresentative = 200;
const fillWithinMs = 20 * 60_000;
/** What the links' beginning has left to the garbage collector gets this much time to go. */
const settleMs = 20_000;
const limits = {
  HANDRAIL_KEY_ATTEMPTS_PER_ADDRESS: "1000000",
  HANDRAIL_KEY_ATTEMPTS_PER_SITE: "1000000",
  HANDRAIL_REQUESTS_PER_ADDRESS: "10000000",
  HANDRAIL_KEY_LIFETIME_MS: "7200000",
  HANDRAIL_SEATS: "1000",
  HANDRAIL_LOG_LEVEL: "warn",
};

/** Memory and CPU of the appliance for links of customers that wait and say nothing. */
export const idleBench: Bench = {
  name: "idle",
  run: async () => {
    await using appliance = await Appliance.start({ env: limits });
    await appliance.setUp();
    const { pid } = appliance.program;
    await packed(appliance);
    await using first = await startLinks(appliance, firstLinks);
    await sleep(settleMs / 4);
    const before = await residentBytes(pid);
    const startedAt = performance.now();
    const cpuBefore = await cpuSeconds(pid);
    await using all = await startLinks(appliance, links);
    const fillSeconds = (performance.now() - startedAt) / 1000;
    const cpuPerLinkMs = (((await cpuSeconds(pid)) - cpuBefore) * 1000) / links;
    await sleep(settleMs);
    const cpuPercentIdle = await cpuPercent(pid, 2 * heartbeatMs);
    const after = await residentBytes(pid);
    const open = (await held(first)) + (await held(all));
    const figures = {
      links,
      openLinks: open - firstLinks,
      kbPerLink: round((after - before) / 1000 / links),
      cpuPercentIdle: round(cpuPercentIdle, 2),
      cpuMsPerNewLink: round(cpuPerLinkMs, 2),
      fillSeconds: round(fillSeconds),
    };
    return {
      title: `idle: ${links} links of waiting customers, heartbeats every ${heartbeatMs / 1000} s`,
      columns: ["what", "value"],
      rows: [
        ["links asked for", figures.links],
        ["links open at the end", figures.openLinks],
        ["resident memory per link, KB", figures.kbPerLink],
        ["CPU while idle, % of a core", figures.cpuPercentIdle],
        ["CPU per new link, ms", figures.cpuMsPerNewLink],
        ["time to open them all, s", figures.fillSeconds],
      ],
      figures,
    };
  },
};

/** Holds links from a process of its own: one process has fewer than 20,000 descriptors. */
async function startLinks(appliance: Appliance, count: number): Promise<Program> {
  const program = new Program(path.join(root, "node_modules/.bin/node"), {
    args: [path.join(root, "test/bench/idle-links.ts")],
    env: {
      ...process.env,
      BENCH_SITE: appliance.url,
      BENCH_LINKS: String(count),
      BENCH_ACCESS_TOKENS: (await representatives(appliance, count)).join(" "),
    },
  });
  await program.line(/^all open$/m, fillWithinMs);
  return program;
}

/** Adds as many representatives as it takes for so many links; gives an access token for each. */
async function representatives(appliance: Appliance, count: number): Promise<string[]> {
  const admin = new Admin(appliance);
  await admin.signIn();
  const tokens: string[] = [];
  for (let i = 0; i < Math.ceil(count / linksPerRepresentative); i++) {
    const name = `bench-${count}-${i}`;
    const account = { name, displayName: name, password: administrator.password };
    const answer = await admin.write("representatives", account);
    if (answer.status !== 201) throw new Error(`an account was refused: ${answer.text}`);
    tokens.push(await accessToken(appliance, name));
  }
  return tokens;
}

/** Waits until the client has been packed, which an appliance does once, a minute after its start. */
async function packed(appliance: Appliance): Promise<void> {
  const folder = path.join(appliance.dataDirectory, "client");
  const files = () => readdir(folder, { recursive: true }).catch((): string[] => []);
  const isPacked = async () => (await files()).some((file) => file.endsWith(".tar.gz"));
  await poll("the client is packed", isPacked, 10 * 60_000);
}

async function held(program: Program): Promise<number> {
  program.signal("SIGUSR2");
  const [, count] = await program.line(/^open (\d+)$/m);
  return Number(count);
}

async function cpuPercent(pid: number, spanMs: number): Promise<number> {
  const before = await cpuSeconds(pid);
  const startedAt = performance.now();
  await sleep(spanMs);
  const seconds = (await cpuSeconds(pid)) - before;
  return (seconds * 100_000) / (performance.now() - startedAt);
}
