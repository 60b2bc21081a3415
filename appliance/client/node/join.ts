import { readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { text } from "node:stream/consumers";
import { oneLine } from "@handrail/protocol";
import { z } from "zod";
import { desktopUserShape } from "./desktop-user.ts";
import { returnArgument, takeReturn } from "./way-back.ts";

const joinShape = z.object({
  /** Where the appliance is: `https://host:port`. */
  site: z.url({ protocol: /^https$/ }),
  /** SHA-256 of the appliance's certificate (DER), hex. */
  fingerprint: z.string().regex(/^[0-9a-f]{64}$/),
  /** SHA-256 of its public key (SPKI), base64; also good for a renewed certificate. */
  publicKeyPin: z.base64().optional(),
  /** Where it is missing, the customer is asked for a session key. */
  ticket: z.string().max(128).optional(),
  /** After a restart of the computer, instead of a ticket. */
  returning: z.string().max(128).optional(),
  /** It was started with an administrator's rights that were given in the session: whose desktop it is. */
  desktopUser: desktopUserShape.optional(),
  /** As `starterName`, kept over a restart. */
  starter: z.string().overwrite(oneLine).max(255).optional(),
  /** What the site is called. */
  siteName: z.string().overwrite(oneLine).max(100).optional(),
  language: z.enum(["en", "fr"]).default("en"),
});

/** Where this client belongs, and what proves that it may come. */
export type Join = z.infer<typeof joinShape>;

/** Name of the downloaded file that started this program, where there is one: it tells itself. */
export function starterName(env: NodeJS.ProcessEnv): string | undefined {
  const file = env["HANDRAIL_STARTER"];
  return file ? oneLine(path.basename(file)) : undefined;
}

/**
 * Reads the join configuration: from the file named by HANDRAIL_JOIN_FILE, which is removed, or
 * from standard input (`--join -`), or after a restart from the file that was left (`--return`). Never from the argument list, which everyone on the computer
 * can read. @throws Error in words that can be shown
 */
export async function readJoin(args: readonly string[], env: NodeJS.ProcessEnv): Promise<Join> {
  const parsed = joinShape.safeParse(parseJson(await readSource(args, env)));
  if (parsed.success) return parsed.data;
  throw new Error(`The join configuration is not valid: ${z.prettifyError(parsed.error)}`);
}

async function readSource(args: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  const left = args.indexOf(returnArgument);
  if (left !== -1) return takeReturn(args[left + 1] ?? "", env);
  const file = env["HANDRAIL_JOIN_FILE"];
  if (file) {
    const content = readFileSync(file, "utf8");
    rmSync(file);
    return content;
  }
  const at = args.indexOf("--join");
  if (at !== -1 && args[at + 1] === "-") return text(process.stdin);
  throw new Error("Start this program with the file that the support site gave you.");
}

function parseJson(source: string): unknown {
  try {
    return JSON.parse(source);
  } catch (cause) {
    throw new Error("The join configuration is not JSON.", { cause });
  }
}
