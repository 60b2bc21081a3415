import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { root } from "../../support/root.ts";
import { show } from "./program.ts";
import { sum, type Tally } from "./tally.ts";

/** The part of vitest's JSON report that is counted; it is Jest's format. */
interface Report {
  testResults: FileResult[];
}

interface FileResult {
  /** The file's path. */
  name: string;
  status: string;
  assertionResults: { status: string }[];
}

interface Run {
  exitCode: number;
  files: FileResult[];
}

/** Which suites of test/vitest.config.ts are run, and how. */
export interface Wanted {
  readonly suites: readonly string[];
  /** vitest's own, as `--no-file-parallelism`. */
  readonly options?: readonly string[];
  /**
   * Whether a file that failed is run once more as a whole, alone, and counts as it then ends: for
   * suites with real displays and browsers on a machine that may be busy with something else. A test
   * that goes on where the one before it stopped cannot be tried again by itself.
   */
  readonly again?: boolean;
}

/**
 * Runs suites and counts what they report.
 * A file that could not be loaded, and a run that ended badly without a failed test, count as one
 * failed test each: nothing that went wrong may add up to zero.
 */
export async function vitest({ suites, options = [], again = false }: Wanted): Promise<Tally> {
  const first = await run(suites, options);
  const failed = first.files.filter(({ status }) => status === "failed");
  if (!again || failed.length === 0) return tallyOf(first);
  const names = failed.map(({ name }) => path.relative(root, name));
  process.stdout.write(`\nOnce more, each as a whole: ${names.join(", ")}\n`);
  const second = await run(suites, [...options, "--no-file-parallelism", ...names]);
  const others = first.files.filter((file) => !failed.includes(file));
  return sum([tallyOf({ exitCode: 0, files: others }), tallyOf(second)]);
}

async function run(suites: readonly string[], options: readonly string[]): Promise<Run> {
  const folder = await mkdtemp(path.join(tmpdir(), "handrail-vitest-"));
  const file = path.join(folder, "report.json");
  try {
    const exitCode = await show("vitest", [
      ...["run", "--config", path.join(root, "test/vitest.config.ts"), "--passWithNoTests"],
      ...["--reporter=default", "--reporter=json", `--outputFile.json=${file}`],
      ...suites.map((suite) => `--project=${suite}`),
      ...options,
    ]);
    return { exitCode, files: await read(file) };
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function read(file: string): Promise<FileResult[]> {
  const text = await readFile(file, "utf8").catch(() => undefined);
  return text === undefined ? [] : (JSON.parse(text) as Report).testResults;
}

function tallyOf({ exitCode, files }: Run): Tally {
  const tally = sum(files.map(tallyOfFile));
  return exitCode !== 0 && tally.failed === 0 ? { ...tally, failed: 1 } : tally;
}

function tallyOfFile({ status, assertionResults }: FileResult): Tally {
  const count = (wanted: string) =>
    assertionResults.filter((result) => result.status === wanted).length;
  const failed = count("failed");
  return { passed: count("passed"), failed: status === "failed" ? Math.max(1, failed) : failed };
}
