import { type ErrorCode, HandrailError } from "@handrail/protocol";

/** The code of the HandrailError that `act` throws; undefined when it throws nothing. */
export function codeOf(act: () => unknown): ErrorCode | undefined {
  try {
    act();
  } catch (error) {
    if (error instanceof HandrailError) return error.code;
    throw error;
  }
  return undefined;
}
