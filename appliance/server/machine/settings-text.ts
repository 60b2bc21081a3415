import { createHash } from "node:crypto";
import type { NetworkSettings, TimeSettings } from "@handrail/protocol/upkeep";

/** Settings of the network, as the audit log has them. */
export function networkText(settings: NetworkSettings): string {
  if (settings.method === "dhcp") return "DHCP";
  const { addresses, gateways, nameServers, vlan } = settings;
  return [
    addresses.join(", "),
    ...(gateways.length > 0 ? [`gateway ${gateways.join(", ")}`] : []),
    ...(nameServers.length > 0 ? [`DNS ${nameServers.join(", ")}`] : []),
    ...(vlan === undefined ? [] : [`VLAN ${vlan}`]),
  ].join("; ");
}

/** The zone, and the servers where some are named, as the audit log has them. */
export function timeText({ zone, ntpServers }: TimeSettings): string {
  return ntpServers.length > 0 ? `${zone}; NTP ${ntpServers.join(", ")}` : zone;
}

/**
 * The fingerprint of a public key, as ssh-keygen(1) shows it with -l: SHA256: and Base64 without
 * its padding. Empty for what is no key.
 */
export function keyFingerprint(authorisedKey: string): string {
  const blob = /(?:^|\s)(AAAA[0-9A-Za-z+/]+={0,2})(?:\s|$)/.exec(authorisedKey)?.[1];
  if (blob === undefined) return "";
  const digest = createHash("sha256").update(Buffer.from(blob, "base64")).digest("base64");
  return `SHA256:${digest.replace(/=+$/, "")}`;
}
