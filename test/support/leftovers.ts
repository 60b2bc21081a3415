import { readdir, readFile } from "node:fs/promises";

/** A process of this machine, and the command line it was started with. */
export interface Running {
  readonly pid: number;
  readonly command: string;
}

/** The processes that have this text in their command line or environment. */
export async function processesWith(text: string): Promise<Running[]> {
  const pids = (await readdir("/proc")).map(Number).filter((pid) => pid > 0 && pid !== process.pid);
  const found = await Promise.all(pids.map((pid) => processWith(pid, text)));
  return found.filter((each) => each !== undefined);
}

async function processWith(pid: number, text: string): Promise<Running | undefined> {
  const read = (name: string) =>
    // It may end while it is looked at.
    readFile(`/proc/${pid}/${name}`, "latin1").catch(() => "");
  const [command, environment] = [await read("cmdline"), await read("environ")];
  // A process that has ended and that nobody has asked about yet has no command line.
  if (command === "" || !`${command}${environment}`.includes(text)) return undefined;
  return { pid, command: command.replaceAll("\0", " ").trim() };
}
