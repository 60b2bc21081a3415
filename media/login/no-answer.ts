import { ApiError } from "./request.ts";

/** Whether nothing came back; right after its start the appliance says that it is not ready yet. */
export function isNoAnswer(error: unknown): boolean {
  return error instanceof ApiError && (error.code === undefined || error.code === "unavailable");
}
