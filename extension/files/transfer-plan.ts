import { isLsid, type Lsid } from "@handrail/protocol";
import type { RemotePath } from "./remote-path.ts";

/** What is to be moved where. `remote` names are of the customer's computer, `local` of this one. */
export interface TransferPlan {
  readonly id: string;
  readonly lsid: Lsid;
  /** The computer's name, to be shown. */
  readonly computer: string;
  readonly direction: "upload" | "download";
  /** Files and folders: local paths for an upload, remote ones for a download. */
  readonly sources: readonly string[];
  /** The folder that they come into. */
  readonly target: RemotePath;
  readonly createdAt: number;
}

/** The plan that was kept as JSON; undefined for what is none. */
export function parsePlan(text: string): TransferPlan | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  return isPlan(value) ? value : undefined;
}

function isPlan(value: unknown): value is TransferPlan {
  if (typeof value !== "object" || value === null) return false;
  const plan: Partial<Record<keyof TransferPlan, unknown>> = value;
  return (
    typeof plan.id === "string" &&
    /^[0-9a-f]{32}$/.test(plan.id) &&
    typeof plan.lsid === "string" &&
    isLsid(plan.lsid) &&
    typeof plan.computer === "string" &&
    (plan.direction === "upload" || plan.direction === "download") &&
    Array.isArray(plan.sources) &&
    plan.sources.every((source) => typeof source === "string") &&
    typeof plan.target === "string" &&
    typeof plan.createdAt === "number"
  );
}
