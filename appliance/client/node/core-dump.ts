import { Library } from "./native.ts";

/** Source: prctl(2). */
const setDumpable = 4;

/**
 * From now on this process leaves no core dump, wherever the system would put it, and no other of the
 * same account reads its memory (ptrace(2)): passwords pass through it. Programs that it starts are
 * as they always were.
 */
export function leaveNoCoreDump(): void {
  const libc = new Library("libc.so.6", "libc6");
  const prctl = libc.bind<(option: number, value: number) => number>(
    "int prctl(int option, unsigned long value)",
  );
  if (prctl(setDumpable, 0) !== 0) throw new Error("the process cannot be kept from core dumps");
}
