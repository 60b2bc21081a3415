import { z } from "zod";
import { AcmeError, type Line } from "./line.ts";

/** A directory (RFC 8555 section 7.1.1). */
const directoryShape = z.object({
  newNonce: z.url(),
  newAccount: z.url(),
  newOrder: z.url(),
  meta: z
    .object({
      termsOfService: z.string().optional(),
      externalAccountRequired: z.boolean().optional(),
    })
    .optional(),
});

/** What a directory wants of its customers. */
export interface DirectoryWishes {
  /** Address of the terms of service that have to be accepted. */
  readonly terms: string | undefined;
  /** Whether it serves those alone whom it knows already. */
  readonly needsAccount: boolean;
}

/** Asks a directory what it wants. @throws AcmeError when there is none, or it cannot be reached */
export async function readDirectory(line: Line, url: string): Promise<DirectoryWishes> {
  const { status, text } = await line.ask({ url });
  const parsed = status === 200 ? directoryShape.safeParse(parse(text)) : undefined;
  if (!parsed?.success) {
    const detail = status === 200 ? {} : { detail: `HTTP ${status}` };
    throw new AcmeError({ reason: "no-directory", about: url, ...detail });
  }
  const { meta } = parsed.data;
  const terms = meta?.termsOfService === "" ? undefined : meta?.termsOfService;
  return { terms, needsAccount: meta?.externalAccountRequired ?? false };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The caller says what it should be.
    return undefined;
  }
}
