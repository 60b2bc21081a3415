import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { root } from "../../support/root.ts";
import { show } from "./program.ts";
import type { Tally } from "./tally.ts";

/** The part of vitest's JSON report that is counted; it is Jest's format. */
interface Report {
  numPassedTests: number;
  numFailedTests: number;
  testResults: { status: string; assertionResults: { status: string }[] }[];
}

/**
 * Runs suites of test/vitest.config.ts and counts what they report.
 * A file that could not be loaded, and a run that ended badly without a failed test, count as one
 * failed test each: nothing that went wrong may add up to zero.
 *
 * @param suites names of projects in the configuration
 * @param options vitest's own, as `--no-file-parallelism`
 */
export async function vitest(
  suites: readonly string[],
  options: readonly string[],
): Promise<Tally> {
  const folder = await mkdtemp(path.join(tmpdir(), "handrail-vitest-"));
  const file = path.join(folder, "report.json");
  try {
    const exitCode = await show("vitest", [
      ...["run", "--config", path.join(root, "test/vitest.config.ts"), "--passWithNoTests"],
      ...["--reporter=default", "--reporter=json", `--outputFile.json=${file}`],
      ...suites.map((suite) => `--project=${suite}`),
      ...options,
    ]);
    const tally = count(await read(file));
    return exitCode !== 0 && tally.failed === 0 ? { ...tally, failed: 1 } : tally;
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function read(file: string): Promise<Report | undefined> {
  const text = await readFile(file, "utf8").catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as Report);
}

function count(report: Report | undefined): Tally {
  if (!report) return { passed: 0, failed: 0 };
  const unloadable = report.testResults.filter(
    (result) =>
      result.status === "failed" &&
      result.assertionResults.every(({ status }) => status !== "failed"),
  );
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + unloadable.length,
  };
}
