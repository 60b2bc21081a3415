import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdir, open, rm } from "node:fs/promises";
import path from "node:path";
import { type Bench, round } from "../report.ts";
import { openGround } from "./ground.ts";
import { watchMemory } from "./memory.ts";

const sizeBytes = 10e9;
/** So much more memory may anybody take for it than for a small file. */
const mostMb = 256;
const block = 64 * 1024 * 1024;

/** A file of 10 GB both ways: what each process takes for it. Minutes, and 20 GB of the disk. */
export const hugeBench: Bench = {
  name: "huge",
  onRequest: true,
  run: async () => {
    await using stack = new AsyncDisposableStack();
    const { folder, disk, pids } = await openGround(stack);
    const source = path.join(folder, "huge");
    await makeFile(source);
    const memory = await watchMemory({ ...pids, console: process.pid });
    const rows: (string | number)[][] = [];
    const figures: Record<string, number> = {};
    for (const direction of ["download", "upload"] as const) {
      const target = path.join(folder, direction);
      await mkdir(target);
      const startedAt = performance.now();
      await disk.run(await disk.plan({ direction, sources: [source], target }));
      const speed = round(sizeBytes / 1e6 / ((performance.now() - startedAt) / 1000));
      execFileSync("cmp", [source, path.join(target, "huge")]);
      await rm(target, { recursive: true });
      rows.push([`${direction}, MB/s`, speed, "", ""]);
      figures[`${direction}MbPerSecond`] = speed;
    }
    for (const [who, { mostMb: most, grownMb }] of memory()) {
      const isReached = grownMb <= mostMb ? "yes" : "no";
      rows.push([
        `memory of the ${who} and its growth, MB`,
        `${most} / ${grownMb}`,
        mostMb,
        isReached,
      ]);
      figures[`${who}GrownMb`] = grownMb;
    }
    return {
      title: "huge: a file of 10 GB, SHA-256 checked",
      columns: ["what", "Handrail", "growth at most", "reached"],
      rows,
      figures,
    };
  },
};

/** Nothing in it can be left out by a disk, or compressed: each block is another. */
async function makeFile(file: string): Promise<void> {
  await using handle = await open(file, "w");
  const bytes = randomBytes(block);
  for (let at = 0; at < sizeBytes; at += block) {
    bytes.writeDoubleBE(at);
    await handle.write(bytes, 0, Math.min(block, sizeBytes - at));
  }
}
