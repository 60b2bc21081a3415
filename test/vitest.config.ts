import path from "node:path";
import { defineConfig } from "vitest/config";

const root = path.resolve(import.meta.dirname, "..");

interface Suite {
  name: string;
  /**
   * How often a failed test is tried again. Real displays, browsers and clocks on a machine that may
   * be busy with something else: what fails each time is broken.
   */
  retry?: number;
  /** For one test, and for one hook of a file, which may start a server, a browser, a VS Code. */
  timeoutMs: number;
}

const suites: Suite[] = [
  { name: "house", timeoutMs: 30_000 },
  { name: "unit", retry: 2, timeoutMs: 10_000 },
  { name: "wire", timeoutMs: 10_000 },
  { name: "packer", timeoutMs: 60_000 },
  { name: "together", retry: 2, timeoutMs: 60_000 },
  { name: "page", retry: 2, timeoutMs: 120_000 },
  { name: "console", retry: 2, timeoutMs: 180_000 },
  { name: "demo", retry: 2, timeoutMs: 300_000 },
  // A machine that is emulated: minutes to start.
  { name: "image", timeoutMs: 1_200_000 },
];

export default defineConfig({
  root,
  test: {
    projects: suites.map(({ name, timeoutMs, retry = 0 }) => ({
      root,
      test: {
        name,
        include: [`test/${name}/**/*.test.{ts,tsx}`],
        environment: "node",
        retry,
        testTimeout: timeoutMs,
        hookTimeout: timeoutMs,
        // Processes, so that what a file leaves behind ends with it.
        pool: "forks",
      },
    })),
  },
});
