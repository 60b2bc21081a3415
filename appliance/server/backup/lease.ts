import type { Clock } from "../clock.ts";
import type { ApplianceValues } from "../store/appliance-values.ts";

/*
 * `handrail backup` works beside the appliance, which must not delete meanwhile what is being read.
 * The command says so by a moment in the database until which it reads, and moves it on as it works:
 * when it is killed, that moment passes by itself.
 */

const readUntilName = "backup-read-until";
const leaseMs = 60_000;
const renewEveryMs = 20_000;

/** Says that a backup is being made, until it is disposed of. */
export function leaseReading(values: ApplianceValues, clock: Clock): Disposable {
  let timer: Disposable;
  const renew = () => {
    values.write(readUntilName, Buffer.from(String(clock.now() + leaseMs)));
    timer = clock.after(renewEveryMs, renew);
  };
  renew();
  return {
    [Symbol.dispose]() {
      timer[Symbol.dispose]();
      values.remove(readUntilName);
    },
  };
}

/** Whether the command makes a backup just now. A clock that was set back does not hold for ever. */
export function isReadBeside(values: Pick<ApplianceValues, "read">, now: number): boolean {
  const until = Number(values.read(readUntilName)?.toString() ?? 0);
  return now < until && until <= now + leaseMs;
}
