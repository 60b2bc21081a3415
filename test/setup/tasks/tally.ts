/** How many tests passed and failed; a static check counts as one test. */
export interface Tally {
  passed: number;
  failed: number;
}

/** The sum over all parts of a run. */
export function sum(parts: readonly Tally[]): Tally {
  return {
    passed: parts.reduce((total, part) => total + part.passed, 0),
    failed: parts.reduce((total, part) => total + part.failed, 0),
  };
}

/** Prints the run's one closing line and sets the exit code: a run without a test is a failure. */
export function close(parts: readonly Tally[]): void {
  const { passed, failed } = sum(parts);
  process.stdout.write(`\n${String(passed)} passed, ${String(failed)} failed\n`);
  process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
}
