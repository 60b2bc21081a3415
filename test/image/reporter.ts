import { globSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Reporter, TestCase, TestModule } from "vitest/node";
import { root } from "../support/root.ts";

const notesFile = "appliance-boots.txt";
const folder = path.join(root, "test/artifacts");
const file = path.join(folder, "appliance-report.html");

/**
 * Writes of a run on the image what administrators may want to see of it: what was tried and how it
 * went, what it took, and every picture of the console and the pages, in the order they were taken.
 */
export default class ImageReporter implements Reporter {
  /** What another run has left is not of this one. */
  onInit(): void {
    const left = globSync(["appliance-*.png", notesFile], { cwd: folder });
    for (const name of left) rmSync(path.join(folder, name));
  }

  onTestRunEnd(modules: readonly TestModule[]): void {
    mkdirSync(folder, { recursive: true });
    const pictures = globSync("appliance-*.png", { cwd: folder }).toSorted(
      (a, b) => takenAt(a) - takenAt(b),
    );
    writeFileSync(
      file,
      page([
        `<h1>The appliance's image</h1><p>${new Date().toISOString()}</p>`,
        table(["file", "MB"], imageFiles()),
        "<h2>What was tried</h2>",
        ...modules.map(tried),
        "<h2>What it took</h2>",
        table(["when", "what"], notes()),
        "<h2>What was seen</h2>",
        ...pictures.map(figure),
      ]),
    );
    process.stdout.write(`\nThe report: ${path.relative(root, file)}\n`);
  }
}

function takenAt(name: string): number {
  return statSync(path.join(folder, name)).mtimeMs;
}

function imageFiles(): string[][] {
  const out = path.join(root, "packer/dist/out");
  return globSync("handrail*", { cwd: out })
    .toSorted()
    .map((name) => [name, (statSync(path.join(out, name)).size / 1e6).toFixed(1)]);
}

function tried(module: TestModule): string {
  const rows = [...module.children.allTests()].map((test) => [
    test.fullName,
    outcomeOf(test),
    `${((test.diagnostic()?.duration ?? 0) / 1000).toFixed(0)} s`,
  ]);
  const errors = module.errors().map(({ message }) => [message, "failed", ""]);
  const [name] = module.relativeModuleId.split("/").slice(-1);
  return `<h3>${escape(name ?? "")}</h3>${table(["test", "outcome", "time"], [...rows, ...errors])}`;
}

function outcomeOf(test: TestCase): string {
  const { errors = [], state } = test.result();
  return [state, ...errors.map(({ message }) => message.slice(0, 500))].join(": ");
}

/** Lines that begin with a moment. */
function notes(): string[][] {
  try {
    const lines = readFileSync(path.join(folder, notesFile), "utf8").trim().split("\n");
    return lines.map((line) => line.split(/ (.*)/, 2));
  } catch {
    return [];
  }
}

function figure(name: string): string {
  const caption = path
    .basename(name, ".png")
    .replace(/^appliance-/, "")
    .replaceAll("-", " ");
  return `<figure><img src="${name}" alt=""><figcaption>${escape(caption)}</figcaption></figure>`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[], tag: string) =>
    `<tr>${cells.map((cell) => `<${tag}>${escape(cell)}</${tag}>`).join("")}</tr>`;
  return `<table>${line(head, "th")}${rows.map((row) => line(row, "td")).join("")}</table>`;
}

function escape(text: string): string {
  return text.replace(/[&<>"]/g, (found) => `&#${found.charCodeAt(0)};`);
}

function page(parts: readonly string[]): string {
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>The appliance's image</title>
<style>
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color-scheme: light dark; }
  table { border-collapse: collapse; } th, td { text-align: start; vertical-align: top; padding: .2rem .8rem .2rem 0; border-bottom: 1px solid #8884; }
  td { overflow-wrap: anywhere; } img { max-width: 100%; border: 1px solid #8884; }
</style>
${parts.join("\n")}
</html>
`;
}
