/**
 * How V8 and malloc are to be set for an appliance. Each TLS record that passes is a buffer outside
 * V8's heap: as V8 comes, every 64 MB of them cost a full collection, half of all the CPU that
 * forwarding took. Counted with the rest of the heap, they are gone with the next young collection.
 */
const v8Flags = [
  "--external-memory-accounted-in-global-limit",
  "--initial-heap-size=96",
  "--max-semi-space-size=4",
];
/**
 * Node keeps 64 KB for each TLS connection to read into, most of it never touched. Memory of its
 * own has only the touched pages resident; in the common heap it is what others have used before.
 * See mallopt(3).
 */
const mallocSettings = { MALLOC_MMAP_THRESHOLD_: "65536", MALLOC_TOP_PAD_: "8192" };

/**
 * Begins the program again, in the same process (execve(2)), with the runtime set as an appliance
 * needs it. Returns when it is set already, and where a process cannot be replaced.
 */
export function tuneRuntime(env: NodeJS.ProcessEnv): void {
  if (v8Flags.every((flag) => process.execArgv.includes(flag))) return;
  const args = [process.execPath, ...v8Flags, ...process.execArgv, ...process.argv.slice(1)];
  process.execve?.(process.execPath, args, { ...mallocSettings, ...env });
}

/** Begins the program again as it was begun. Returns only where a process cannot be replaced. */
export function beginAgain(): void {
  const args = [process.execPath, ...process.execArgv, ...process.argv.slice(1)];
  process.execve?.(process.execPath, args, process.env);
}
