import { pipeline, Readable } from "node:stream";
import { createGzip } from "node:zlib";
import { packTar } from "../tar.ts";
import type { SupportPart } from "./parts.ts";

/** A part is never longer; what is cut off is its beginning. */
const maxPartBytes = 8 * 1024 * 1024;
/** A part that takes longer is left out. */
const partWithinMs = 40_000;
const leftOut = `In this bundle, of the site and its machine, look before you give it away: the site's address (URL),
the host's name, network addresses, servers for names and time, the proxy, names of folders; names of
services and of backups, which may hold the name of the site or a network address; a setting of the
server that keeps it from starting. What the kernel, the service manager and the network's services
write in the log is there word for word.

Not in this bundle, on purpose: passwords, keys, tokens, codes and other secrets; names, addresses
and texts of representatives and customers; recordings, chats, snapshots, backups; rows of the
database; our own lines of the log beyond their time, event, codes, numbers and names of backups; what
other programs write in it, but how much.
`;

/** One file of a bundle as it turned out. */
interface Collected {
  readonly part: SupportPart;
  readonly content: Buffer | undefined;
}

/**
 * A bundle for whoever helps the administrators, as tar.gz: each part that can be had here, and a list
 * of what is in and what is left out. Ends early when the signal comes.
 */
export async function makeSupportBundle(
  parts: readonly SupportPart[],
  { at, signal }: { readonly at: number; readonly signal: AbortSignal },
): Promise<Readable> {
  const collected: Collected[] = [];
  for (const part of parts) {
    signal.throwIfAborted();
    collected.push({ part, content: await contentOf(part, signal) });
  }
  const files = collected.flatMap(({ part, content }) =>
    content ? [{ name: part.name, content }] : [],
  );
  const list = Buffer.from(listOf(collected, at));
  const entries = [{ name: "MANIFEST.txt", content: list }, ...files].map(({ name, content }) => ({
    name: `handrail-support/${name}`,
    sizeBytes: content.length,
    mode: 0o644,
    source: { content },
  }));
  // Whoever reads it learns of an error from the stream itself.
  return pipeline(Readable.from(packTar(entries)), createGzip(), () => undefined);
}

/** The name under which it is kept: with the day, in UTC. */
export function supportBundleName(at: number): string {
  return `handrail-support-${new Date(at).toISOString().slice(0, 16).replace(/[-:]/g, "")}.tar.gz`;
}

/** Undefined for what cannot be had here: the list says so. */
async function contentOf(part: SupportPart, signal: AbortSignal): Promise<Buffer | undefined> {
  const late = AbortSignal.timeout(partWithinMs);
  const { promise, reject } = Promise.withResolvers<never>();
  late.addEventListener("abort", () => reject(new Error("it takes too long")), { once: true });
  try {
    const read = part.read(AbortSignal.any([signal, late]));
    const content = Buffer.from(await Promise.race([read, promise]));
    return content.subarray(Math.max(0, content.length - maxPartBytes));
  } catch {
    signal.throwIfAborted();
    return undefined;
  }
}

function listOf(collected: readonly Collected[], at: number): string {
  const lines = collected.map(({ part, content }) => {
    const size = content ? `${content.length} bytes` : "could not be had here";
    return `${part.name.padEnd(16)} ${size.padEnd(22)} ${part.what}\n`;
  });
  const head = `Handrail's support bundle of ${new Date(at).toISOString()}\n\n`;
  return `${head}${lines.join("")}\n${leftOut}`;
}
