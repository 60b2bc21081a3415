import { createHash, verify, X509Certificate } from "node:crypto";
import { request } from "node:https";
import type { TLSSocket } from "node:tls";
import {
  type FormerCertificate,
  handOverPath,
  handOversShape,
  isHandedOver,
  type KnownIdentity,
} from "@handrail/protocol";

const maxAnswerBytes = 512 * 1024;
const answerWithinMs = 6000;

/**
 * Whether the site states, signed with a key that is known already, that the key it shows now has
 * followed. It is asked through that very connection; nothing else goes through it. `shown`: pin of
 * that key.
 * @throws Error when the line breaks; a server that does not answer states nothing
 */
export async function isLedOver(
  { tls, site }: { tls: TLSSocket; site: URL },
  known: KnownIdentity,
  shown: string,
): Promise<boolean> {
  const answer = handOversShape.safeParse(parseJson(await ask(tls, site)));
  return (
    answer.success &&
    isHandedOver({ known, shown, now: Date.now() }, answer.data.handOvers, readFormer)
  );
}

/** SHA-256 of a certificate's public key (SPKI), base64. */
export function pinOf({ publicKey }: X509Certificate): string {
  return createHash("sha256")
    .update(publicKey.export({ type: "spki", format: "der" }))
    .digest("base64");
}

function readFormer(certificate: string): FormerCertificate | undefined {
  try {
    const former = new X509Certificate(Buffer.from(certificate, "base64"));
    return {
      fingerprint: former.fingerprint256.replaceAll(":", "").toLowerCase(),
      publicKeyPin: pinOf(former),
      verify: (statement, signature) =>
        verify(
          "sha256",
          Buffer.from(statement),
          former.publicKey,
          Buffer.from(signature, "base64"),
        ),
    };
  } catch {
    // It is no certificate, and so leads nowhere.
    return undefined;
  }
}

function ask(tls: TLSSocket, site: URL): Promise<string> {
  return new Promise((resolve, reject) => {
    const asked = request(
      new URL(handOverPath, site),
      {
        createConnection: () => tls,
        agent: false,
        timeout: answerWithinMs,
        // Whoever answers: the statements are signed, and nothing else is said here.
        rejectUnauthorized: false,
      },
      (response) => {
        const chunks: Buffer[] = [];
        let sizeBytes = 0;
        response.on("data", (chunk: Buffer) => {
          sizeBytes += chunk.length;
          if (sizeBytes > maxAnswerBytes) asked.destroy(new Error("too long a hand-over"));
          chunks.push(chunk);
        });
        response.on("error", reject);
        response.on("end", () => resolve(Buffer.concat(chunks).toString()));
      },
    );
    asked.on("error", reject);
    // Who says nothing states nothing: to wait for more would keep a customer with a stranger.
    asked.on("timeout", () => {
      resolve("");
      asked.destroy();
    });
    asked.end();
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // What is no JSON is no hand-over either.
    return undefined;
  }
}
