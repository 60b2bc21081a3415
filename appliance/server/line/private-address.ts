import { lookup } from "node:dns/promises";
import { BlockList, isIPv6 } from "node:net";

/** Networks that are not the Internet. Sources: RFC 1918, 1122, 3927, 4193, 4291. */
const networks = [
  ["10.0.0.0", 8],
  ["172.16.0.0", 12],
  ["192.168.0.0", 16],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["fc00::", 7],
  ["fe80::", 10],
  ["::1", 128],
] as const;

const own = new BlockList();
for (const [network, prefix] of networks) own.addSubnet(network, prefix, familyOf(network));

/**
 * An address of that host inside a private network; undefined when it has another one as well.
 * @throws what the look-up throws
 */
export async function privateAddress(host: string): Promise<string | undefined> {
  const found = await lookup(host, { all: true });
  const isPrivate = found.every(({ address }) => own.check(address, familyOf(address)));
  return isPrivate ? found[0]?.address : undefined;
}

function familyOf(address: string): "ipv4" | "ipv6" {
  return isIPv6(address) ? "ipv6" : "ipv4";
}
