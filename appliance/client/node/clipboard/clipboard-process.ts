/**
 * The process of the clipboard, started by the client and by nobody else: whatever other programs
 * give or want, picture and input go on. It ends with the client, and with the display.
 */
import { ClipboardOrder, type ClipboardReport } from "./message.ts";
import { openX11Clipboard } from "./x11.ts";

/** Changes are told together: a program that copies thousands of times a second is one notice. */
const toldEveryMs = 100;

function report(message: ClipboardReport): void {
  process.send?.(message);
}

const clipboard = openX11Clipboard({ lost: () => process.exit() });
let times = 0;
clipboard.onChange((more) => {
  if (times === 0) {
    setTimeout(() => {
      report({ report: "changed", times });
      times = 0;
    }, toldEveryMs);
  }
  times += more;
});

async function obey(order: ClipboardOrder): Promise<void> {
  const { id } = order;
  if (order.order === "place") {
    const sha256 = await clipboard.place(order.copy);
    return report({ report: "placed", id, ...(sha256 === undefined ? {} : { sha256 }) });
  }
  const reading = await clipboard.read();
  if ("copy" in reading) report({ report: "found", id, ...reading });
  else report({ report: "none", id, reason: reading.none });
}

process.on("message", (message) => void obey(ClipboardOrder.parse(message)));
process.on("disconnect", () => process.exit());
report({ report: "ready" });
