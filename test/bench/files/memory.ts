import { residentBytes } from "../cpu.ts";

/** What a process took of memory while it was watched, MB. */
export interface Memory {
  readonly mostMb: number;
  /** Over what it took at first. */
  readonly grownMb: number;
}

/** Notes how much memory processes take; the answer ends that, and tells. */
export async function watchMemory<T extends string>(
  pids: Readonly<Record<T, number>>,
): Promise<() => Map<T, Memory>> {
  const all = Object.entries(pids) as [T, number][];
  const first = new Map<T, number>();
  const most = new Map<T, number>();
  const look = async () => {
    for (const [name, pid] of all) {
      const mb = (await residentBytes(pid)) / 1e6;
      if (!first.has(name)) first.set(name, mb);
      most.set(name, Math.max(most.get(name) ?? 0, mb));
    }
  };
  await look();
  const timer = setInterval(() => void look(), 100);
  return () => {
    clearInterval(timer);
    const told = all.map(([name]): [T, Memory] => {
      const mostMb = Math.round(most.get(name) ?? 0);
      return [name, { mostMb, grownMb: mostMb - Math.round(first.get(name) ?? 0) }];
    });
    return new Map(told);
  };
}
