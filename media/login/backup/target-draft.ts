import type { BackupTarget, BackupTargetForm } from "@handrail/protocol/upkeep";
import { fingerprintText } from "../format.ts";

/** What stands in the form; what another kind of target needs stays while one chooses. */
export interface TargetDraft {
  readonly kind: BackupTarget["kind"] | "off";
  readonly host: string;
  readonly port: string;
  readonly folder: string;
  readonly account: string;
  readonly signIn: "key" | "password";
  readonly hostKey: string;
  readonly endpoint: string;
  readonly region: string;
  readonly bucket: string;
  readonly prefix: string;
  readonly accessKey: string;
  readonly trustBy: "authorities" | "ca" | "pin";
  readonly ca: string;
  readonly pin: string;
  /** Never comes from the appliance. */
  readonly secret: string;
}

const empty: TargetDraft = {
  ...{ kind: "off", host: "", port: "22", folder: "", account: "", signIn: "key", hostKey: "" },
  ...{ endpoint: "", region: "us-east-1", bucket: "", prefix: "", accessKey: "" },
  ...{ trustBy: "authorities", ca: "", pin: "", secret: "" },
};

/** The form for a target. */
export function draftOf(target: BackupTarget | undefined): TargetDraft {
  if (!target) return empty;
  if (target.kind === "sftp") {
    const { name: account, port, hostKey = "", ...rest } = target;
    return { ...empty, ...rest, account, port: String(port), hostKey };
  }
  const { trust, ...rest } = target;
  return {
    ...empty,
    ...rest,
    trustBy: trust.by,
    ca: trust.by === "ca" ? trust.ca : "",
    pin: trust.by === "pin" ? fingerprintText(trust.pin) : "",
  };
}

/** What the form says; undefined when backups stay on the appliance. The appliance judges it. */
export function formOf(draft: TargetDraft): BackupTargetForm | undefined {
  const target = targetOf(draft);
  if (!target) return undefined;
  const takesSecret = target.kind === "s3" || target.signIn === "password";
  return takesSecret && draft.secret !== "" ? { target, secret: draft.secret } : { target };
}

function targetOf(draft: TargetDraft): BackupTarget | undefined {
  const { kind, host, port, folder, account: name, signIn, hostKey } = draft;
  if (kind === "off") return undefined;
  if (kind === "sftp") {
    const place = { kind, host, port: Number(port), folder, name, signIn };
    return hostKey === "" ? place : { ...place, hostKey };
  }
  const { endpoint, region, bucket, prefix, accessKey } = draft;
  return { kind, endpoint, region, bucket, prefix, accessKey, trust: trustOf(draft) };
}

function trustOf({ trustBy, ca, pin }: TargetDraft) {
  if (trustBy === "ca") return { by: trustBy, ca } as const;
  return trustBy === "pin" ? ({ by: trustBy, pin } as const) : ({ by: trustBy } as const);
}
