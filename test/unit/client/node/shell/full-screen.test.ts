import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
// It is CommonJS, whose names Node does not find.
import headless from "@xterm/headless";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { poll } from "../../../../support/poll.ts";
import { ShellSeat } from "../../../../support/shell-seat.ts";

let home: string;
let seat: ShellSeat;
let screen: Screen;
beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), "handrail-screen-"));
  screen = new Screen();
  seat = new ShellSeat({ shell: "/bin/bash", home, output: (bytes) => screen.write(bytes) });
  screen.answer = (text) => void seat.type(text);
  await seat.prompt();
  await seat.run("echo before");
});
afterEach(async () => {
  seat[Symbol.dispose]();
  screen[Symbol.dispose]();
  await rm(home, { recursive: true, force: true, maxRetries: 5 });
});

/** What a person sees of a terminal: the emulator is the one of VS Code's own terminals. */
class Screen implements Disposable {
  /** Programs ask the terminal what it can. */
  answer: (text: string) => void = () => undefined;
  readonly #terminal = new headless.Terminal({ cols: 80, rows: 24, allowProposedApi: true });

  constructor() {
    this.#terminal.onData((text) => this.answer(text));
  }

  write(bytes: Uint8Array): void {
    this.#terminal.write(Uint8Array.from(bytes));
  }

  resize(columns: number, rows: number): void {
    this.#terminal.resize(columns, rows);
    seat.process.resize({ columns, rows });
  }

  /** Whether a program has the screen for itself. */
  get isTaken(): boolean {
    return this.#terminal.buffer.active.type === "alternate";
  }

  /** Its rows, without blanks at their ends. */
  get rows(): string[] {
    const { active } = this.#terminal.buffer;
    return Array.from({ length: this.#terminal.rows }, (_, row) => {
      return active.getLine(active.viewportY + row)?.translateToString(true) ?? "";
    });
  }

  /** Whether a row's last cell has a background of its own. */
  isFilled(text: string, columns: number): boolean {
    const { active } = this.#terminal.buffer;
    const row = active.viewportY + this.rows.indexOf(text);
    return (
      active
        .getLine(row)
        ?.getCell(columns - 1)
        ?.isBgDefault() === false
    );
  }

  /** Colour of the first cell with that character: of the palette of 256, or as 0xRRGGBB. */
  colourOf(character: string): { palette?: number; rgb?: number } {
    const { active } = this.#terminal.buffer;
    const row = this.rows.findLastIndex((text) => text.startsWith(character));
    const cell = active.getLine(active.viewportY + row)?.getCell(0);
    const colour = cell?.getFgColor() ?? -1;
    return cell?.isFgRGB() ? { rgb: colour } : { palette: colour };
  }

  /** Waits until a row is so; gives its number. */
  async shows(pattern: RegExp): Promise<number> {
    let found = -1;
    await poll(
      `the screen shows ${pattern}`,
      () => (found = this.rows.findIndex((row) => pattern.test(row))) >= 0,
    );
    return found;
  }

  [Symbol.dispose](): void {
    this.#terminal.dispose();
  }
}

describe("a program that has the whole screen", () => {
  it("edits: vim with letters of every width, at a size that changes", async () => {
    const file = path.join(home, "note.txt");
    await writeFile(file, "café 日本語\n");
    await seat.type("vim -Nu NONE note.txt\r");
    expect(await screen.shows(/^café 日本語$/)).toBe(0);
    expect(screen.isTaken).toBe(true);
    await seat.type("oligne n° 2: ’ü’");
    expect(await screen.shows(/^ligne n° 2: ’ü’$/)).toBe(1);
    screen.resize(100, 40);
    await screen.shows(/^-- INSERT --$/);
    await poll("the last row is of the new size", () => screen.rows[39] === "-- INSERT --");
    await seat.type("\u{1b}:set columns? lines?\r");
    await screen.shows(/columns=100/);
    await screen.shows(/lines=40/);
    await seat.type("\r:wq\r");
    await poll("the screen is the shell's again", () => !screen.isTaken);
    await screen.shows(/^before$/);
    expect(await readFile(file, "utf8")).toBe("café 日本語\nligne n° 2: ’ü’\n");
  });

  it("draws by itself: htop, at a size that changes", async () => {
    await seat.type("htop\r");
    await screen.shows(/Load average/);
    await screen.shows(/PID.*USER.*Command/);
    await poll("its keys are in the last row", () => /F1Help.*F10Quit/.test(screen.rows[23] ?? ""));
    screen.resize(120, 40);
    await poll("they are in the new last row", () => /F1Help.*F10Quit/.test(screen.rows[39] ?? ""));
    // The head of the list fills the row with its background.
    await poll("it is as wide as the screen", () =>
      screen.rows.some((row) => /PID.*Command/.test(row) && screen.isFilled(row, 120)),
    );
    expect(screen.rows.join("\n")).toMatch(/Mem\[.*\]/);
    // F10, as terminals send it.
    await seat.type("\u{1b}[21~");
    await poll("the screen is the shell's again", () => !screen.isTaken);
    await screen.shows(/^before$/);
  });

  it("has all colours", async () => {
    await seat.run("printf '\\e[38;5;196mA\\e[0m\\n\\e[38;2;1;2;3mZ\\e[0m\\n'");
    await screen.shows(/^Z$/);
    expect(screen.colourOf("A")).toEqual({ palette: 196 });
    expect(screen.colourOf("Z")).toEqual({ rgb: 0x010203 });
  });
});
