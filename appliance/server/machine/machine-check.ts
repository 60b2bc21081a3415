import { BlockList, isIP } from "node:net";
import type {
  MachineFault,
  NetworkSettings,
  ProxySettings,
  TimeSettings,
} from "@handrail/protocol/upkeep";
import { bareHost, hostName } from "../line/host-name.ts";
import { MachineSettingsError } from "./settings-error.ts";

/** What can be known of a machine's settings without the machine. */

const linkLocal = new BlockList();
linkLocal.addSubnet("fe80::", 10, "ipv6");
/** Of one key, as ssh-keygen(1) writes it, without options before it: they may run programs. */
const sshKey =
  /^(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(?:256|384|521)|sk-(?:ssh-ed25519|ecdsa-sha2-nistp256)@openssh\.com) ([A-Za-z0-9+/]+={0,2})( [^\p{Cc}]*)?$/u;
/** What Linux keeps of a name (sethostname(2)). */
const maxHostNameLength = 64;

/** Whether it is written as 192.0.2.10/24 or 2001:db8::10/64. */
export function isAddressWithPrefix(text: string): boolean {
  return subnetOf(text) !== undefined;
}

/** The first gateway that cannot be reached by any of the addresses, or is the second of its kind. */
export function strangeGateway(
  gateways: readonly string[],
  addresses: readonly string[],
): string | undefined {
  const [first, second] = gateways.map((gateway) => isIP(gateway));
  const isOneTooMany = first !== undefined && first === second;
  const far = gateways.find((gateway) => !isNear(gateway, addresses));
  return far ?? (isOneTooMany ? gateways[1] : undefined);
}

/** Why a network cannot be set as it is written. */
export function networkFault(settings: NetworkSettings): MachineFault | undefined {
  if (settings.method === "dhcp") return undefined;
  const { addresses, gateways, nameServers } = settings;
  if (!addresses.every(isAddressWithPrefix)) return "bad-address";
  if (!gateways.every((gateway) => isIP(gateway) !== 0 && isWithoutZone(gateway))) {
    return "bad-gateway";
  }
  if (strangeGateway(gateways, addresses) !== undefined) return "gateway-outside";
  return nameServers.every((server) => isIP(server) !== 0) ? undefined : "bad-name-server";
}

/** Whether it is written as a zone of the IANA's list; the machine may not have it. */
export function isTimeZone(text: string): boolean {
  // It becomes the name of a file.
  if (!/^[A-Za-z]+(\/[A-Za-z0-9_+-]+){0,2}$/.test(text)) return false;
  try {
    return new Intl.DateTimeFormat("en", { timeZone: text }).format(0) !== "";
  } catch {
    // The caller says how it is written.
    return false;
  }
}

/** Whether it is an address, or a name as DNS has it. */
export function isHost(text: string): boolean {
  return isIP(text) !== 0 || (/^[a-z0-9.-]+$/i.test(text) && hostName(text) !== undefined);
}

/** Whether it is a name for the machine itself (RFC 1123 section 2.1). */
export function isMachineName(text: string): boolean {
  return text.length <= maxHostNameLength && isIP(text) === 0 && isHost(text);
}

/**
 * Whether it is the address of a proxy. Everybody may read its file: no password is taken. Its host is
 * looked at by itself, since those of URLs (WHATWG, section 3.1) may hold what apt's settings end with.
 */
export function isProxy(text: string): boolean {
  const url = URL.parse(text);
  return (
    url !== null &&
    /^[\x21-\x7e]+$/.test(text) &&
    /^https?:$/.test(url.protocol) &&
    url.username + url.password === "" &&
    isHost(bareHost(url.hostname)) &&
    url.origin === text.replace(/\/$/, "").toLowerCase()
  );
}

/** None at all is a setting, too. @throws MachineSettingsError `bad-proxy` */
export function mustBeProxy({ address }: ProxySettings): void {
  if (address !== "" && !isProxy(address)) throw new MachineSettingsError("bad-proxy");
}

/** @throws MachineSettingsError `bad-ntp-server` */
export function mustBeTimeServers({ ntpServers }: TimeSettings): void {
  if (!ntpServers.every(isHost)) throw new MachineSettingsError("bad-ntp-server");
}

/** Whether it is one public key of SSH, of the kind that it says it is (RFC 4253 section 6.6). */
export function isSshKey(text: string): boolean {
  const [, kind = "", blob = ""] = sshKey.exec(text) ?? [];
  const bytes = Buffer.from(blob, "base64");
  const isWhole = bytes.length > 4 + kind.length && bytes.readUInt32BE(0) === kind.length;
  return isWhole && bytes.toString("latin1", 4, 4 + kind.length) === kind;
}

/** The network's settings are of one link, and take none behind `%` (RFC 4007 section 11). */
function isWithoutZone(address: string): boolean {
  return !address.includes("%");
}

function isNear(gateway: string, addresses: readonly string[]): boolean {
  const family = isIP(gateway) === 4 ? "ipv4" : "ipv6";
  if (family === "ipv6" && linkLocal.check(gateway, family)) return true;
  return addresses.some((address) => subnetOf(address)?.check(gateway, family) ?? false);
}

function subnetOf(text: string): BlockList | undefined {
  const [address = "", prefix = "", ...rest] = text.split("/");
  const version = isIP(address);
  if (
    version === 0 ||
    !isWithoutZone(address) ||
    rest.length > 0 ||
    !/^[1-9][0-9]{0,2}$/.test(prefix)
  )
    return undefined;
  if (Number(prefix) > (version === 4 ? 32 : 128)) return undefined;
  const list = new BlockList();
  list.addSubnet(address, Number(prefix), version === 4 ? "ipv4" : "ipv6");
  return list;
}
