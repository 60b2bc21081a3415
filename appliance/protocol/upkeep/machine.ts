import { z } from "zod";

/** How the appliance's wired interfaces get their addresses. Text here is checked by the machine. */
export const networkSettingsShape = z.discriminatedUnion("method", [
  z.strictObject({ method: z.literal("dhcp") }),
  z.strictObject({
    method: z.literal("static"),
    /** As 192.0.2.10/24 or 2001:db8::10/64. */
    addresses: z.array(z.string().max(64)).min(1).max(8),
    /** One of each family at most; each in the net of one of the addresses, or of the link. */
    gateways: z.array(z.string().max(64)).max(2),
    nameServers: z.array(z.string().max(64)).max(6),
    /** Of the tagged network (IEEE 802.1Q) that the addresses are in, 1 to 4094. */
    vlan: z.int().min(1).max(4094).optional(),
  }),
]);
/** The same, read. */
export type NetworkSettings = z.infer<typeof networkSettingsShape>;

/** What a wired interface has at present, whoever gave it. */
export const interfaceStateShape = z.object({
  name: z.string(),
  isUp: z.boolean(),
  /** With their prefixes. */
  addresses: z.array(z.string()),
});

/** How it stands with the machine's network. */
export const networkStateShape = z.object({
  settings: networkSettingsShape,
  interfaces: z.array(interfaceStateShape),
  gateways: z.array(z.string()),
  nameServers: z.array(z.string()),
  /** The settings in force have to be confirmed until then, in Unix ms, or the last ones return. */
  confirmBefore: z.number().optional(),
});
/** The same, read. */
export type NetworkState = z.infer<typeof networkStateShape>;

/** The machine's clock. */
export const timeSettingsShape = z.strictObject({
  /** Of the IANA's list, as Europe/Paris. */
  zone: z.string().max(64),
  /** Host names or addresses; none stands for those of Debian. */
  ntpServers: z.array(z.string().max(253)).max(8),
});
/** The same, read. */
export type TimeSettings = z.infer<typeof timeSettingsShape>;

/** By which Debian's updates are fetched, as http://proxy.example:3128; "" is directly. */
export const proxySettingsShape = z.strictObject({ address: z.string().max(300) });
/** The same, read. */
export type ProxySettings = z.infer<typeof proxySettingsShape>;

/** Who may sign in to the machine by SSH: the holder of one key, or nobody ("", the default). */
export const sshSettingsShape = z.strictObject({ authorisedKey: z.string().max(4096) });
/** As an administrator sets it: to let somebody in, who is root then, takes one's own password. */
export const sshFormShape = sshSettingsShape.extend({ password: z.string().max(1024).optional() });
/** The same, read. */
export type SshSettings = z.infer<typeof sshSettingsShape>;

/** Everything that a machine says of its settings. */
export const machineStateShape = z.object({
  hostName: z.string(),
  network: networkStateShape,
  time: timeSettingsShape,
  proxy: proxySettingsShape,
  ssh: sshSettingsShape,
});
/** The same, read. */
export type MachineState = z.infer<typeof machineStateShape>;

/** Why a machine does not take a setting. */
export const machineFaults = [
  "bad-address",
  "address-taken",
  "bad-gateway",
  "gateway-outside",
  "bad-name-server",
  "bad-host-name",
  "unknown-zone",
  "bad-ntp-server",
  "bad-proxy",
  "bad-ssh-key",
  "ssh-never",
  "nothing-to-confirm",
  "failed",
] as const;
/** One of them. */
export type MachineFault = (typeof machineFaults)[number];
