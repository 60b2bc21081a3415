import type { AuditKind } from "@handrail/protocol/upkeep";
import { type Ask, requestRoot } from "../request.ts";

/** A row of the audit log. */
export interface AuditRow {
  readonly seq: number;
  readonly at: number;
  readonly event: string;
  readonly who: string;
  readonly whoId?: string;
  readonly lsid?: string;
  readonly detail: Readonly<Record<string, string | number | boolean>>;
  readonly hash: string;
}

/** A page of the audit log; `people` has the names of all accounts as they are now, by id. */
export interface AuditPage {
  readonly rows: readonly AuditRow[];
  readonly people: Readonly<Record<string, string>>;
}

/** Which rows of the audit log are wanted. Times in Unix ms, `to` exclusive. */
export interface AuditFilter {
  readonly kind: AuditKind | undefined;
  readonly whoId: string | undefined;
  readonly from: number | undefined;
  readonly to: number | undefined;
  readonly text: string | undefined;
}

/** The requests about the audit log. Every method throws ApiError. */
export class AuditApi {
  readonly #ask: Ask;

  constructor(ask: Ask) {
    this.#ask = ask;
  }

  page(
    query: AuditFilter & { before: number | undefined; limit: number },
    signal: AbortSignal,
  ): Promise<AuditPage> {
    return this.#ask(`audit?${parametersOf({ ...query })}`, { signal });
  }
}

/** Where the chosen rows of the audit log are to be had as a file. */
export function auditExportPath(format: "csv" | "jsonl", filter: AuditFilter): string {
  return `${requestRoot}/audit/export?${parametersOf({ format, ...filter })}`;
}

/** A query of whatever is there. */
function parametersOf(values: Readonly<Record<string, string | number | undefined>>): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined) parameters.set(name, String(value));
  }
  return parameters.toString();
}
