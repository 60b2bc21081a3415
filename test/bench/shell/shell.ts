import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { builtClient } from "../screen/customer.ts";
import { Scene } from "../../support/scene.ts";
import { Visit } from "../../support/visit.ts";
import { root } from "../../support/root.ts";
import { type Bench, percentile, round } from "../report.ts";
import { Sshd } from "../sshd.ts";
import { openOurTerminal } from "./ours.ts";
import { openSshTerminal } from "./ssh.ts";
import { answerMs, type RemoteTerminal } from "./terminal.ts";

const keys = 200;
const rounds = 3;
const fileBytes = 64 * 1024 * 1024;

interface Figures {
  readonly echoMs: number[];
  readonly mbPerSecond: number[];
}

/** A shell of ours beside OpenSSH's, on one machine: a key's echo, and `cat` of a large file. */
export const shellBench: Bench = {
  name: "shell",
  run: async () => {
    await using stack = new AsyncDisposableStack();
    const folder = await mkdtemp(path.join(tmpdir(), "handrail-shell-"));
    stack.defer(() => rm(folder, { recursive: true }));
    const file = path.join(folder, "lines");
    await writeFile(file, lines());
    const { appliance, desktop } = stack.use(await Scene.start());
    const command = [path.join(root, "node_modules/.bin/node"), path.join(builtClient, "app.mjs")];
    const visit = stack.use(await Visit.begin({ appliance, desktop, command }));
    await visit.grant("shell");
    const terminals = [
      stack.use(await openOurTerminal(visit)),
      stack.use(openSshTerminal(stack.use(await Sshd.start()))),
    ];
    const all = new Map(
      terminals.map(({ name }): [string, Figures] => [name, { echoMs: [], mbPerSecond: [] }]),
    );
    for (const terminal of terminals) await prepare(terminal);
    // In turns, so that what else the machine does meets both.
    for (let round = 0; round < rounds; round++) {
      for (const terminal of terminals) {
        const figures = all.get(terminal.name);
        figures?.echoMs.push(...(await echoes(terminal)));
        figures?.mbPerSecond.push(await throughput(terminal, file));
      }
    }
    return report(all);
  },
};

/** A shell of the same kind and with the same prompt on both sides. */
async function prepare(terminal: RemoteTerminal): Promise<void> {
  await sleep(1000);
  const typed = "exec bash --norc --noprofile\n";
  await answerMs(terminal, { typed, awaited: "bash-" });
  await answerMs(terminal, { typed: "PS1='> '; echo rea''dy\n", awaited: "ready" });
}

async function echoes(terminal: RemoteTerminal): Promise<number[]> {
  const times: number[] = [];
  for (let key = 0; key < keys; key++) {
    times.push(await answerMs(terminal, { typed: "x", awaited: "x" }));
    await sleep(5);
    await answerMs(terminal, { typed: "\u007f", awaited: "\b" });
    await sleep(5);
  }
  return times;
}

async function throughput(terminal: RemoteTerminal, file: string): Promise<number> {
  const typed = `cat ${file}; echo do''ne\n`;
  return fileBytes / 1000 / (await answerMs(terminal, { typed, awaited: "done\r\n" }));
}

/** Text as a log has it. */
function lines(): Buffer {
  const line = "2026-11-22T10:00:00 host service[4711]: the quick brown fox jumps over the dog\n";
  return Buffer.alloc(fileBytes, line);
}

function report(all: ReadonlyMap<string, Figures>) {
  const rows = Array.from(all, ([name, { echoMs, mbPerSecond }]) => [
    name,
    round(percentile(echoMs, 0.5), 2),
    round(percentile(echoMs, 0.95), 2),
    round(percentile(mbPerSecond, 0.5)),
  ]);
  const [ours = [], ssh = []] = rows.map((row) => row.slice(1).map(Number));
  const ratio = (at: number) => round((ours[at] ?? NaN) / (ssh[at] ?? NaN), 2);
  return {
    title: "shell: a key's echo, and cat of 64 MB of text; beside OpenSSH",
    columns: ["product", "echo p50 ms", "echo p95 ms", "cat MB/s"],
    rows: [...rows, ["ratio", ratio(0), ratio(1), ratio(2)], ["to reach", "≤ 1.5", "", "≥ 0.5"]],
    figures: {
      echoMsP50: ours[0] ?? NaN,
      echoMsP95: ours[1] ?? NaN,
      catMbPerSecond: ours[2] ?? NaN,
      peerEchoMsP50: ssh[0] ?? NaN,
      peerEchoMsP95: ssh[1] ?? NaN,
      peerCatMbPerSecond: ssh[2] ?? NaN,
      echoRatioP50: ratio(0),
      catRatio: ratio(2),
    },
  };
}
