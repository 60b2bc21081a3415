/** The monitors of an X screen, as RandR 1.5 tells them. */
import type { Display } from "../../core/host.ts";
import { memoryAt, stringAt, type Pointer } from "../native.ts";
import { screenExtensions } from "../x11/extensions.ts";
import type { Connection } from "../x11/connection.ts";

/** Offsets in XRRMonitorInfo. Source: Xrandr.h, 64-bit. */
const MONITOR = { name: 0, primary: 8, x: 20, y: 24, width: 28, height: 32 };
const MONITOR_BYTES = 56;

function atomName(connection: Connection, atom: number): string {
  const address = connection.x.getAtomName(connection.display, atom);
  if (address === null) return "";
  const name = stringAt(address);
  connection.x.free(address);
  return name;
}

function decode(connection: Connection, list: Pointer, index: number): Display {
  const bytes = new DataView(memoryAt(list + BigInt(index * MONITOR_BYTES), MONITOR_BYTES));
  const id = Number(bytes.getBigUint64(MONITOR.name, true));
  return {
    id,
    name: atomName(connection, id),
    x: bytes.getInt32(MONITOR.x, true),
    y: bytes.getInt32(MONITOR.y, true),
    width: bytes.getInt32(MONITOR.width, true),
    height: bytes.getInt32(MONITOR.height, true),
    primary: bytes.getInt32(MONITOR.primary, true) !== 0,
  };
}

function byImportance(one: Display, other: Display): number {
  return Number(other.primary) - Number(one.primary) || one.x - other.x || one.y - other.y;
}

/** The monitors, the primary one first; without RandR 1.5 one as large as the screen. */
export function readMonitors(connection: Connection, width: number, height: number): Display[] {
  const { randrGetMonitors, randrFreeMonitors } = screenExtensions();
  const count = [0];
  const list = connection.isLost
    ? null
    : (randrGetMonitors?.(connection.display, connection.root, 1, count) ?? null);
  const monitors: Display[] = [];
  if (list !== null) {
    for (let index = 0; index < (count[0] ?? 0); index += 1) {
      monitors.push(decode(connection, list, index));
    }
    randrFreeMonitors?.(list);
  }
  connection.settle();
  if (monitors.length === 0) {
    return [{ id: 0, name: "screen", x: 0, y: 0, width, height, primary: true }];
  }
  monitors.sort(byImportance);
  const [first, ...others] = monitors;
  return first ? [{ ...first, primary: true }, ...others] : [];
}
