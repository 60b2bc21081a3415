/**
 * Puts what a seed says of the site into the server's data, as the account that they belong to: root
 * opens no file of the server's. The seed comes on standard input; the answer is `{isDone}`.
 */
import { text } from "node:stream/consumers";
import { systemClock } from "../clock.ts";
import { complain, createLog, print } from "../log.ts";
import { parseSeed } from "./seed.ts";
import { writeSite } from "./site.ts";

process.umask(0o077);
const parsed = parseSeed(JSON.parse(await text(process.stdin)));
if (!parsed.ok) throw new Error(`the seed cannot be used: ${parsed.flaw.field}`);
const log = createLog("error", complain);
const isDone = await writeSite(parsed.seed, { env: process.env, clock: systemClock, log });
print(JSON.stringify({ isDone }));
