import {
  existsSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import path from "node:path";
import type { ProxySettings, TimeSettings } from "@handrail/protocol/upkeep";
import { machineProxyFile } from "../config.ts";
import { proxyIn } from "../line/proxy.ts";
import { removeFile, replaceFile, syncFolder } from "../update/durable.ts";

/**
 * The files of the machine that Handrail writes, from the root of its file system. A factory reset
 * takes them away: packer's `reset`.
 */
export const systemFiles = {
  language: "etc/handrail/language",
  network: "etc/systemd/network/10-handrail.network",
  /** By its name before the other: the first that fits an interface is the one that counts. */
  vlanNetwork: "etc/systemd/network/05-handrail-vlan.network",
  vlanDevice: "etc/systemd/network/05-handrail-vlan.netdev",
  timeServers: "etc/systemd/timesyncd.conf.d/handrail.conf",
  proxy: machineProxyFile,
  /** Who may sign in by SSH, and the rule of the firewall that goes with it. */
  sshKey: "etc/handrail/ssh-key",
  sshRule: "etc/handrail/firewall/ssh.nft",
  hostName: "etc/hostname",
  /** While it is there, this is a jumpoint: no server starts. */
  jumpoint: "etc/handrail/jumpoint",
} as const;

/** The link that says in which zone the machine is. */
const timeZoneLink = "etc/localtime";
const zonesFolder = "usr/share/zoneinfo";

/** The machine's files, below `root`, in the place of `/`. Changes are on the disk when they return. */
export class SystemFiles {
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  /** What a file says; undefined when it is not there. */
  read(name: string): string | undefined {
    const file = this.#path(name);
    return existsSync(file) ? readFileSync(file, "utf8") : undefined;
  }

  /** Puts `text` in a file's place; undefined takes it away. */
  write(name: string, text: string | undefined): void {
    const file = this.#path(name);
    if (text === undefined && !existsSync(path.dirname(file))) return;
    mkdirSync(path.dirname(file), { recursive: true });
    if (text === undefined) removeFile(file);
    else replaceFile(file, text);
  }

  /** The machine's clock; what nobody has set is Debian's. */
  get time(): TimeSettings {
    const link = path.join(this.#root, timeZoneLink);
    const target = existsSync(path.dirname(link)) ? linkTarget(link) : "";
    const [, zone = "Etc/UTC"] = target.split(`${zonesFolder}/`);
    const [, servers = ""] = /^NTP=(.*)$/m.exec(this.read(systemFiles.timeServers) ?? "") ?? [];
    return { zone, ntpServers: servers.split(" ").filter((server) => server !== "") };
  }

  /** Whether the machine knows a zone; it may have fewer than Node. */
  knowsTimeZone(zone: string): boolean {
    return existsSync(this.#path(path.join(zonesFolder, zone)));
  }

  writeTimeZone(zone: string): void {
    const link = this.#path(timeZoneLink);
    rmSync(`${link}.new`, { force: true });
    symlinkSync(`/${zonesFolder}/${zone}`, `${link}.new`);
    renameSync(`${link}.new`, link);
    syncFolder(path.dirname(link));
  }

  /** None stands for Debian's own. */
  writeTimeServers(servers: readonly string[]): void {
    const text = servers.length > 0 ? `[Time]\nNTP=${servers.join(" ")}\n` : undefined;
    this.write(systemFiles.timeServers, text);
  }

  get proxy(): ProxySettings {
    return { address: proxyIn(this.read(systemFiles.proxy) ?? "") };
  }

  /** @throws Error for what would not stay between quotes in apt.conf(5): root's apt runs what comes after */
  writeProxy({ address }: ProxySettings): void {
    if (/["{};\\\s]/.test(address)) throw new Error("no proxy has such an address");
    const text = ["http", "https"].map((kind) => `Acquire::${kind}::Proxy "${address}";\n`);
    this.write(systemFiles.proxy, address === "" ? undefined : text.join(""));
  }

  #path(name: string): string {
    return path.join(this.#root, name);
  }
}

function linkTarget(link: string): string {
  try {
    return readlinkSync(link);
  } catch {
    // A machine without the link, or with a file in its place, is in UTC for all we know.
    return "";
  }
}
