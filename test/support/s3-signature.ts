import { createHash, createHmac } from "node:crypto";
import type { IncomingMessage } from "node:http";

const maxSkewMs = 900_000;

/**
 * Why a signed question is to be refused, as S3 names it; undefined when it is signed well. Source:
 * "Signature Calculations for the Authorization Header" in the API reference of Amazon S3.
 */
export function signatureFault(
  { method, url = "", headers }: IncomingMessage,
  account: { readonly accessKey: string; readonly secret: string },
): string | undefined {
  const match =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/((\d{8})\/([^/]+)\/s3\/aws4_request), SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/.exec(
      headers.authorization ?? "",
    );
  if (!match) return "AccessDenied";
  const [, accessKey, scope = "", day = "", region = "", names = "", signature] = match;
  if (accessKey !== account.accessKey) return "InvalidAccessKeyId";
  const at = String(headers["x-amz-date"]);
  const moment = at.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z");
  if (Math.abs(Date.parse(moment) - Date.now()) > maxSkewMs) return "RequestTimeTooSkewed";
  const [path = "", query = ""] = url.split("?");
  const canonical = [
    method,
    path,
    canonicalQuery(query),
    ...names.split(";").map((name) => `${name}:${String(headers[name])}`),
    "",
    names,
    headers["x-amz-content-sha256"],
  ].join("\n");
  const hash = createHash("sha256").update(canonical).digest("hex");
  const steps = [day, region, "s3", "aws4_request"];
  const start: string | Buffer = `AWS4${account.secret}`;
  const key = steps.reduce<string | Buffer>((from, step) => hmac(from, step), start);
  const right = hmac(key, `AWS4-HMAC-SHA256\n${at}\n${scope}\n${hash}`).toString("hex");
  return right === signature ? undefined : "SignatureDoesNotMatch";
}

function canonicalQuery(query: string): string {
  return [...new URLSearchParams(query)]
    .map((pair) => pair.map(encodeURIComponent).join("="))
    .sort()
    .join("&");
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}
