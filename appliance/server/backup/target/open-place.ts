import type { LineWay } from "../../line/open-socket.ts";
import type { Place } from "./place.ts";
import { openS3Place } from "./s3-place.ts";
import { openSftpPlace } from "./sftp-place.ts";
import type { Access } from "./target.ts";
import { TargetError, toTargetError } from "./target-error.ts";

/** Connects to a target. @throws TargetError */
export async function openPlace(
  { target, secret }: Access,
  privateKey: string,
  line: LineWay,
): Promise<Place> {
  try {
    if (target.kind === "sftp" && target.signIn === "key") {
      return await openSftpPlace(target, { privateKey }, line);
    }
    if (secret === undefined) throw new TargetError("authentication");
    if (target.kind === "s3") return openS3Place(target, secret, line);
    return await openSftpPlace(target, { password: secret }, line);
  } catch (error) {
    throw toTargetError(error);
  }
}
