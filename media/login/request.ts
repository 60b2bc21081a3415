import { type ErrorCode, isErrorCode } from "@handrail/protocol";

/** Where the appliance takes its administration requests. */
export const requestRoot = "/login/api";

/** What a request is made of. */
export interface RequestOptions {
  readonly method?: "GET" | "POST" | "PATCH" | "DELETE";
  /** Sent as JSON, or as its bytes when it is a Blob. */
  readonly body?: object;
  readonly signal?: AbortSignal;
}

/** How the appliance is asked for something in JSON. Throws ApiError. */
export type Ask = <T>(address: string, options: RequestOptions) => Promise<T>;

/** A request that was refused, or that did not arrive (`code` undefined). */
export class ApiError extends Error {
  readonly code: ErrorCode | undefined;
  /** The field of the form that is at fault. */
  readonly field: string | undefined;

  constructor(about: { code?: ErrorCode; field?: string; message: string; cause?: unknown }) {
    super(about.message, { cause: about.cause });
    this.name = "ApiError";
    this.code = about.code;
    this.field = about.field;
  }
}

/** Sends requests, each write with the token of who is signed in. Every method throws ApiError. */
export class Requests {
  readonly #csrf: string;

  constructor(csrf: string) {
    this.#csrf = csrf;
  }

  async ask<T>(address: string, options: RequestOptions): Promise<T> {
    const response = await this.fetch(address, options);
    return (await response.json()) as T;
  }

  /** For an answer that is no JSON. */
  async fetch(address: string, { method = "GET", body, signal }: RequestOptions) {
    const response = await fetch(`${requestRoot}/${address}`, {
      method,
      credentials: "same-origin",
      headers: {
        accept: "application/json",
        ...(body ? { "content-type": typeOf(body) } : {}),
        ...(method === "GET" ? {} : { "x-handrail-csrf": this.#csrf }),
      },
      ...(body ? { body: body instanceof Blob ? body : JSON.stringify(body) } : {}),
      ...(signal ? { signal } : {}),
    }).catch((cause: unknown) => {
      throw isAbort(cause) ? cause : new ApiError({ message: "no answer", cause });
    });
    if (!response.ok) throw await refusalOf(response);
    return response;
  }
}

function typeOf(body: object): string {
  return body instanceof Blob ? "application/octet-stream" : "application/json";
}

/** Whether the page itself has taken the request back. */
export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === "AbortError";
}

/** What a refused request was refused with. */
export async function refusalOf(response: Response): Promise<ApiError> {
  const body: unknown = await response.json().catch(() => undefined);
  const said = typeof body === "object" && body !== null ? body : {};
  const code = "code" in said && typeof said.code === "string" ? said.code : "";
  const message = "message" in said && typeof said.message === "string" ? said.message : "";
  const field = "field" in said && typeof said.field === "string" ? { field: said.field } : {};
  return new ApiError({ code: isErrorCode(code) ? code : "internal", message, ...field });
}
