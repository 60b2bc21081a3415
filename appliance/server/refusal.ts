import { type ErrorCode, HandrailError } from "@handrail/protocol";

/** A refusal with what helps the one who asked: which field was wrong, when to try again. */
export class Refusal extends HandrailError {
  /** Name of the field of the request. */
  readonly field: string | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    about: { field?: string; retryAfterMs?: number | undefined; cause?: unknown } = {},
  ) {
    super(code, message, { cause: about.cause });
    this.name = "Refusal";
    this.field = about.field;
    this.retryAfterMs = about.retryAfterMs;
  }
}
