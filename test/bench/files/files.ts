import { mkdir, rm } from "node:fs/promises";
import path from "node:path";
import { type Bench, type BenchReport, percentile, round } from "../report.ts";
import { Sshd } from "../sshd.ts";
import type { ConsoleDisk } from "./console-disk.ts";
import { openGround } from "./ground.ts";
import { type Memory, watchMemory } from "./memory.ts";
import { digestOf, makeSample, type Sample, samples } from "./samples.ts";
import { sftp } from "./sftp.ts";

const rounds = 3;
/** At least this share of sftp's speed. */
const toReach = { large: 0.8, small: 1.5 } as const;
const directions = ["download", "upload"] as const;
type Direction = (typeof directions)[number];

/** Moves the sample `from` one folder `to` another. */
interface Mover {
  readonly name: string;
  move(direction: Direction, sample: Sample, way: { from: string; to: string }): Promise<void>;
}

/** A file of 256 MB and 10,000 of 4 KB, both ways, beside OpenSSH's sftp. */
export const filesBench: Bench = {
  name: "files",
  run: async () => {
    await using stack = new AsyncDisposableStack();
    const { folder, disk, pids } = await openGround(stack);
    const sshd = stack.use(await Sshd.start());
    const movers = [ours(disk), peer(sshd)];
    const peak = await watchMemory(pids);
    const speeds = new Map<string, number[]>();
    for (const sample of Object.values(samples)) {
      await makeSample(folder, sample);
      for (const direction of directions) {
        const turns = { folder, sample, direction, movers };
        for (const [key, times] of await measure(turns)) speeds.set(key, times);
      }
    }
    return report(speeds, peak());
  },
};

function ours(disk: ConsoleDisk): Mover {
  return {
    name: "Handrail",
    move: async (direction, { name }, { from, to }) =>
      disk.run(await disk.plan({ direction, sources: [path.join(from, name)], target: to })),
  };
}

function peer(sshd: Sshd): Mover {
  return {
    name: "sftp",
    move: (direction, { name }, { from, to }) =>
      direction === "download"
        ? sftp(sshd, to, `get -pR ${path.join(from, name)}`)
        : sftp(sshd, from, `cd ${to}\nput -pR ${name}`),
  };
}

/** Times in s by who moved what; in turns, so that what else the machine does meets both. */
async function measure(turns: {
  folder: string;
  sample: Sample;
  direction: Direction;
  movers: readonly Mover[];
}): Promise<Map<string, number[]>> {
  const speeds = new Map<string, number[]>();
  for (let round = 0; round < rounds; round++) {
    for (const mover of turns.movers) {
      const key = `${mover.name} ${turns.sample.name} ${turns.direction}`;
      speeds.set(key, [...(speeds.get(key) ?? []), await seconds(mover, turns)]);
    }
  }
  return speeds;
}

async function seconds(
  mover: Mover,
  { folder, sample, direction }: { folder: string; sample: Sample; direction: Direction },
): Promise<number> {
  const to = path.join(folder, "to");
  await mkdir(to);
  const startedAt = performance.now();
  await mover.move(direction, sample, { from: folder, to });
  const lasted = (performance.now() - startedAt) / 1000;
  const [there, here] = [path.join(folder, sample.name), path.join(to, sample.name)];
  if ((await digestOf(there)) !== (await digestOf(here))) throw new Error(`${mover.name}: damaged`);
  await rm(to, { recursive: true });
  return lasted;
}

function report(
  speeds: ReadonlyMap<string, readonly number[]>,
  peak: ReadonlyMap<string, Memory>,
): BenchReport {
  const rows: (string | number)[][] = [];
  const figures: Record<string, number> = {};
  for (const [name, sample] of Object.entries(samples)) {
    for (const direction of directions) {
      const took = (who: string) =>
        percentile(speeds.get(`${who} ${sample.name} ${direction}`) ?? [], 0.5);
      const [us, them] = [took("Handrail"), took("sftp")];
      const mb = (sample.files * sample.fileBytes) / 1e6;
      const ratio = round(them / us, 2);
      const least = toReach[name as keyof typeof toReach];
      const isReached = ratio >= least ? "yes" : "no";
      const what = `${sample.files} × ${sample.fileBytes / 1024} KB, ${direction}`;
      rows.push([what, round(mb / us), round(mb / them), ratio, `≥ ${least}`, isReached]);
      figures[`${name}${direction === "upload" ? "Upload" : "Download"}Ratio`] = ratio;
      figures[`${name}${direction === "upload" ? "Upload" : "Download"}MbPerSecond`] = round(
        mb / us,
      );
    }
  }
  for (const [who, { mostMb }] of peak) {
    rows.push([`most memory of the ${who}, MB`, mostMb, "", "", "", ""]);
    figures[`${who}PeakMb`] = mostMb;
  }
  return {
    title: "files: moved with SHA-256 checked; MB/s beside OpenSSH's sftp",
    columns: ["what", "Handrail", "sftp", "ratio", "to reach", "reached"],
    rows,
    figures,
  };
}
