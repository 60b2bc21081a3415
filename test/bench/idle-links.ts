// Opens links of customers at an appliance and holds them: answers heartbeats and says nothing else.
// Writes "all open" once they are, and at SIGUSR2 how many are open still.

import {
  beatFrame,
  decodeFrame,
  encodeFrame,
  frameTypes,
  isCounted,
  readBeat,
  welcomeShape,
} from "@handrail/protocol";
import { connectConsole, openSocket, sampleCustomer } from "../support/party.ts";

const site = process.env.BENCH_SITE ?? "";
const wanted = Number(process.env.BENCH_LINKS);
const atOnce = 40;
const program = { name: "bench", version: "0.1.0", platform: "linux-x64" };

/** One of them makes keys for `linksEach` links: the appliance bounds what one may do in a row. */
const tokens = (process.env.BENCH_ACCESS_TOKENS ?? "").split(" ");
const linksEach = Math.ceil(wanted / tokens.length);
const consoles = await Promise.all(tokens.map((token) => connectConsole(site, token)));
let open = 0;
let begun = 0;

/** Joins as a customer and stays. */
function join(key: string): Promise<void> {
  const socket = openSocket(site);
  let received = 0;
  const hello = { role: "customer", versions: [1], program, customer: sampleCustomer };
  return new Promise((resolve, reject) => {
    socket.once("open", () => socket.send(JSON.stringify({ ...hello, credential: { key } })));
    socket.on("error", reject);
    socket.once("close", (code) => reject(new Error(`closed with ${code}`)));
    socket.on("message", (data: Buffer, isBinary) => {
      if (!isBinary) {
        const { answer } = welcomeShape.parse(JSON.parse(data.toString("utf8")));
        if (answer !== "welcome") return reject(new Error(data.toString("utf8")));
        open++;
        socket.once("close", () => open--);
        return resolve();
      }
      const frame = decodeFrame(data);
      if (isCounted(frame)) received++;
      if (frame.type !== frameTypes.PING) return;
      socket.send(encodeFrame(beatFrame("PONG", readBeat(frame).timeMs, received)));
    });
  });
}

/** Makes a key and uses it, again and again: few keys of one representative may wait unused. */
async function joinMany(): Promise<void> {
  while (begun < wanted) {
    const representative = consoles[Math.floor(begun++ / linksEach)];
    if (!representative) throw new Error("there are fewer representatives than it takes");
    const { key } = await representative.key();
    await join(key);
    representative.forget();
  }
}

await Promise.all(Array.from({ length: Math.min(atOnce, wanted) }, joinMany));
await Promise.all(consoles.map((each) => each.leave()));
process.on("SIGUSR2", () => process.stdout.write(`open ${open}\n`));
process.stdout.write("all open\n");
