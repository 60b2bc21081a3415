/**
 * The process of the help window, started by the client and by nobody else. GTK's main loop holds
 * its only thread; orders arrive on standard input, reports leave on standard output, and when the
 * client is gone, standard input ends and so does this.
 */
import { readSync, writeSync } from "node:fs";
import { MissingLibraryError } from "../native.ts";
import { handlers, loadGtk } from "./gtk.ts";
import { HelpView } from "./help-view.ts";
import { Lines, Order, type Report } from "./message.ts";

const STDIN = 0;
const STDOUT = 1;
/** G_IO_IN, G_IO_ERR and G_IO_HUP. */
const READABLE = 1 | 8 | 16;

function report(message: Report): void {
  writeSync(STDOUT, `${JSON.stringify(message)}\n`);
}

function fail(error: unknown): void {
  const reason = error instanceof Error ? error.message : String(error);
  const missing =
    error instanceof MissingLibraryError
      ? { missing: { library: error.library, packages: error.packages } }
      : {};
  report({ report: "failed", reason, ...missing });
}

/** Carries out one order. */
function obey(view: HelpView, order: Order): void {
  switch (order.order) {
    case "open":
      throw new Error("the window is open already");
    case "show":
      view.show(order);
      break;
    case "ask":
      view.ask(order);
      break;
    case "withdraw":
      view.withdraw(order.id);
      break;
    case "ask-key":
      view.askKey(order);
      break;
    case "chat":
      view.addChat(order);
      break;
    case "file":
      view.setFile(order);
      break;
    case "survey-result":
      view.surveyResult(order.text);
      break;
    case "nudge":
      view.nudge(order);
      break;
    case "typing":
      view.setTyping(order.text);
      break;
    case "end":
      view.end(order);
      break;
  }
}

/** Reads what has arrived, waiting for something; undefined at the end of the input. */
function read(lines: Lines): Order[] | undefined {
  const bytes = Buffer.alloc(65_536);
  const count = readSync(STDIN, bytes);
  if (count === 0) return undefined;
  return lines.push(bytes.subarray(0, count)).map((line) => Order.parse(JSON.parse(line)));
}

/** The texts of the window, which come first. */
function readTexts(lines: Lines): Record<string, string> {
  for (;;) {
    const orders = read(lines);
    if (!orders) throw new Error("the client is gone");
    const [first] = orders;
    if (first?.order === "open") return first.texts;
    if (first) throw new Error(`"${first.order}" came before "open"`);
  }
}

function run(): void {
  const gtk = loadGtk();
  if (!gtk.init(null, null)) throw new Error("the display cannot be opened");
  const lines = new Lines();
  const view = new HelpView(gtk, readTexts(lines), report);
  const onReadable = (): number => {
    // An error must not pass through C code: there it would vanish.
    try {
      const orders = read(lines);
      if (!orders) gtk.quit();
      for (const order of orders ?? []) obey(view, order);
    } catch (error) {
      fail(error);
      gtk.quit();
    }
    return 1;
  };
  gtk.watchDescriptor(STDIN, READABLE, handlers.descriptor(onReadable), null);
  report({ report: "ready" });
  gtk.main();
}

try {
  run();
} catch (error) {
  fail(error);
}
process.exit();
