import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { NetworkState } from "@handrail/protocol/upkeep";
import { z } from "zod";
import type { SettingsConfig } from "../update/machine-config.ts";
import type { SystemFiles } from "./system-files.ts";

/** What ip-address(8) and ip-route(8) write with -json, as far as it is used here. */
const linksShape = z.array(
  z.object({
    ifname: z.string(),
    link_type: z.string().optional(),
    flags: z.array(z.string()).default([]),
    addr_info: z
      .array(
        z.object({
          local: z.string().optional(),
          prefixlen: z.number().optional(),
          scope: z.string().optional(),
          dadfailed: z.boolean().optional(),
          tentative: z.boolean().optional(),
        }),
      )
      .default([]),
  }),
);
const routesShape = z.array(z.object({ gateway: z.string().optional() }));
/** What systemd-resolved asks, whoever has named it. */
const resolvFile = "run/systemd/resolve/resolv.conf";

type Link = z.infer<typeof linksShape>[number];

/** How an address stands that was set: others may be asked for it still. */
export type AddressStanding = "taken-up" | "refused" | "under-way" | "no-line";

/** The network as the kernel has it. */
export class NetworkNow {
  readonly #ip: readonly string[];
  readonly #files: SystemFiles;

  constructor({ ipCommand }: Pick<SettingsConfig, "ipCommand">, files: SystemFiles) {
    this.#ip = ipCommand;
    this.#files = files;
  }

  async read(): Promise<Pick<NetworkState, "interfaces" | "gateways" | "nameServers">> {
    const routes = await Promise.all(
      ["-4", "-6"].map((family) => this.#ask([family, "route", "show", "default"], routesShape)),
    );
    const servers = (this.#files.read(resolvFile) ?? "").matchAll(/^nameserver\s+(\S+)/gm);
    return {
      interfaces: (await this.#links()).map((link) => ({
        name: link.ifname,
        isUp: isConnected(link),
        addresses: link.addr_info
          .filter(({ scope }) => scope === "global")
          .map(({ local = "", prefixlen = 0 }) => `${local}/${prefixlen}`),
      })),
      gateways: routes.flat().flatMap(({ gateway }) => gateway ?? []),
      nameServers: [...servers].map(([, server = ""]) => server),
    };
  }

  /** How it stands with addresses that were set, with their prefixes. */
  async standingOf(addresses: readonly string[]): Promise<AddressStanding> {
    const links = await this.#links();
    const all = links.flatMap(({ addr_info }) => addr_info);
    const wanted = addresses.map((address) => canonical(address.split("/")[0] ?? ""));
    const found = all.filter(
      ({ local }) => local !== undefined && wanted.includes(canonical(local)),
    );
    if (found.some(({ dadfailed }) => dadfailed)) return "refused";
    const settled = new Set(
      found.filter(({ tentative }) => !tentative).map(({ local = "" }) => canonical(local)),
    );
    if (wanted.every((address) => settled.has(address))) return "taken-up";
    return links.some(isConnected) ? "under-way" : "no-line";
  }

  /** Takes an interface away that no file speaks of any more. */
  async remove(name: string): Promise<void> {
    const links = await this.#links();
    if (!links.some(({ ifname }) => ifname === name)) return;
    const [program = "", ...args] = this.#ip;
    await promisify(execFile)(program, [...args, "link", "delete", name]);
  }

  /** Those that a cable, or a machine's host, may be at. */
  async #links(): Promise<readonly Link[]> {
    const links = await this.#ask(["address", "show"], linksShape);
    return links.filter(({ link_type }) => link_type === "ether");
  }

  async #ask<T>(args: readonly string[], shape: z.ZodType<T>): Promise<T> {
    const [program = "", ...before] = this.#ip;
    const { stdout } = await promisify(execFile)(program, [...before, "-json", ...args]);
    return shape.parse(JSON.parse(stdout.trim() === "" ? "[]" : stdout));
  }
}

function isConnected({ flags }: Link): boolean {
  return flags.includes("LOWER_UP");
}

/** IPv6 is written in several ways. */
function canonical(address: string): string {
  const url = URL.parse(`http://[${address}]`);
  return url ? url.hostname.slice(1, -1) : address;
}
