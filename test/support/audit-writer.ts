import { systemClock } from "../../appliance/server/clock.ts";
import { createLog } from "../../appliance/server/log.ts";
import { AuditLog } from "../../appliance/server/store/audit.ts";
import { openStore } from "../../appliance/server/store/database.ts";

/**
 * Writes audit rows as fast as it can, until it is killed, and prints the number of each one that
 * is acknowledged. Argument: the database file.
 */
const [file = ""] = process.argv.slice(2);
const log = createLog("error");
const audit = new AuditLog({ store: openStore(file), clock: systemClock, log });

async function write(writer: number): Promise<never> {
  for (let i = 0; ; i++) {
    const row = await audit.append({
      event: "test.written",
      who: `writer ${writer}`,
      detail: { i },
    });
    process.stdout.write(`${row.seq}\n`);
  }
}

// Timers of the appliance do not keep a program alive by themselves.
setInterval(() => undefined, 1000);
for (let writer = 0; writer < 40; writer++) void write(writer);
