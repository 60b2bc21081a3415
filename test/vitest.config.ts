import path from "node:path";
import { defineConfig } from "vitest/config";

const root = path.resolve(import.meta.dirname, "..");

interface Suite {
  name: string;
  /** For one test, and for one hook of a file, which may start a server, a browser, a VS Code. */
  timeoutMs: number;
}

const suites: Suite[] = [
  { name: "house", timeoutMs: 30_000 },
  { name: "unit", timeoutMs: 10_000 },
  { name: "wire", timeoutMs: 10_000 },
  { name: "together", timeoutMs: 60_000 },
  { name: "page", timeoutMs: 120_000 },
  { name: "console", timeoutMs: 180_000 },
  { name: "demo", timeoutMs: 300_000 },
];

export default defineConfig({
  root,
  test: {
    projects: suites.map(({ name, timeoutMs }) => ({
      root,
      test: {
        name,
        include: [`test/${name}/**/*.test.{ts,tsx}`],
        environment: "node",
        testTimeout: timeoutMs,
        hookTimeout: timeoutMs,
        // Processes, so that what a file leaves behind ends with it.
        pool: "forks",
      },
    })),
  },
});
