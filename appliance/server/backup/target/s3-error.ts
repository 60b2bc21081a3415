import type { BackupTargetFault } from "@handrail/protocol/upkeep";
import { TargetError } from "./target-error.ts";
import { textsOf } from "./xml.ts";

/** Source: the list of error codes in the API reference of Amazon S3, and those of MinIO. */
const faultOfCode: Readonly<Record<string, BackupTargetFault>> = {
  InvalidAccessKeyId: "authentication",
  SignatureDoesNotMatch: "authentication",
  InvalidToken: "authentication",
  ExpiredToken: "authentication",
  AccessDenied: "no-right",
  AllAccessDisabled: "no-right",
  AccountProblem: "no-right",
  NoSuchBucket: "no-bucket",
  NoSuchKey: "not-found",
  NoSuchUpload: "lost",
  RequestTimeTooSkewed: "clock-skew",
  RequestTimeout: "timeout",
  XAmzContentSHA256Mismatch: "lost",
  BadDigest: "lost",
  IncompleteBody: "lost",
  SlowDown: "lost",
  InternalError: "lost",
  ServiceUnavailable: "lost",
  AuthorizationHeaderMalformed: "wrong-region",
  PermanentRedirect: "wrong-region",
  TemporaryRedirect: "wrong-region",
  IllegalLocationConstraintException: "wrong-region",
  InvalidRegion: "wrong-region",
  QuotaExceeded: "full",
  InsufficientStorage: "full",
  XMinioStorageFull: "full",
  XMinioAdminBucketQuotaExceeded: "full",
};

/** What a refusal of an S3 server means. */
export function s3Error(status: number, body: string): TargetError {
  const [code = ""] = textsOf(body, "Code");
  const cause = new Error(`S3 answered ${status} ${code}`.trim());
  return new TargetError(faultOfCode[code] ?? faultOfStatus(status), { cause });
}

function faultOfStatus(status: number): BackupTargetFault {
  if (status === 401 || status === 403) return "no-right";
  if (status === 404) return "not-found";
  if (status === 507) return "full";
  return status >= 500 ? "lost" : "rejected";
}
