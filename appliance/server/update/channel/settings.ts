import { type UpkeepSettings, upkeepWays } from "@handrail/protocol/upkeep";
import { z } from "zod";
import { hostName } from "../../line/host-name.ts";
import { type Trust, trustLine, trustShape } from "../../line/trust.ts";
import type { ApplianceValues } from "../../store/appliance-values.ts";
import { json } from "../../store/row.ts";
import { usualWindow, windowShape } from "./window.ts";

/** What is set of releases and restarts. */
export type Upkeep = UpkeepSettings<Trust>;

/** The folder of a channel, with a slash at its end. Nothing secret has a place in it. */
const urlShape = z
  .string()
  .trim()
  .max(500)
  .transform((typed, context) => {
    const url = URL.parse(typed);
    const host = url?.hostname.replace(/^\[|\]$/g, "") ?? "";
    const isPlain = url !== null && url.username + url.password + url.search + url.hash === "";
    if (isPlain && url.protocol === "https:" && hostName(host) !== undefined) {
      return url.href.replace(/\/?$/, "/");
    }
    context.addIssue({
      code: "custom",
      message: "a channel is https:// with a name and a folder, without a password",
    });
    return z.NEVER;
  });

/** A channel, as it is typed. */
export const channelShape = z.strictObject({ url: urlShape, trust: trustShape });

/** The settings, as they are typed. */
export const upkeepShape = z.strictObject({
  channel: channelShape.optional(),
  looksDaily: z.boolean(),
  installs: z.enum(upkeepWays),
  restarts: z.enum(upkeepWays),
  window: windowShape,
});

const usual: Upkeep = {
  looksDaily: true,
  installs: "never",
  restarts: "never",
  window: usualWindow,
};

const settingsName = "upkeep-settings";
const storedShape = json(upkeepShape);

/** What is set; the usual until somebody says otherwise. */
export function readUpkeep(values: Pick<ApplianceValues, "read">): Upkeep {
  return storedShape.safeParse(values.read(settingsName)?.toString()).data ?? usual;
}

/** Keeps it. Part of the caller's transaction. */
export function writeUpkeep(values: ApplianceValues, upkeep: Upkeep): void {
  values.write(settingsName, Buffer.from(JSON.stringify(upkeep)));
}

/** The channel in a line, for the audit log and the operator; empty for none. */
export function channelText({ channel }: Upkeep): string {
  return channel ? `${channel.url} ${trustLine(channel.trust)}`.trim() : "";
}

/** The rest as the audit log keeps it, for the pages to say it in words. */
export function upkeepText({ looksDaily, installs, restarts, window }: Upkeep): string {
  return JSON.stringify({ looksDaily, installs, restarts, window });
}
