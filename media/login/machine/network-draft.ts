import type { NetworkSettings, NetworkState } from "@handrail/protocol/upkeep";
import { namesOf } from "../certificate/names-field.tsx";

/** What stands in the form; what fixed addresses need stays while one chooses. */
export interface NetworkDraft {
  readonly method: NetworkSettings["method"];
  readonly addresses: string;
  readonly gateways: string;
  readonly nameServers: string;
  readonly vlan: string;
}

/** The form for what is in force; who changes to fixed addresses finds those of the moment. */
export function draftOf({ settings, ...state }: NetworkState): NetworkDraft {
  const fixed =
    settings.method === "static"
      ? settings
      : {
          addresses: state.interfaces.flatMap(({ addresses }) => addresses.filter(isRoutable)),
          gateways: state.gateways,
          nameServers: state.nameServers,
        };
  return {
    method: settings.method,
    addresses: fixed.addresses.join("\n"),
    gateways: fixed.gateways.join("\n"),
    nameServers: fixed.nameServers.join("\n"),
    vlan: settings.method === "static" ? String(settings.vlan ?? "") : "",
  };
}

/** What the form says. The machine judges it. */
export function settingsOf({ method, ...draft }: NetworkDraft): NetworkSettings {
  if (method === "dhcp") return { method };
  return {
    method,
    addresses: namesOf(draft.addresses),
    gateways: namesOf(draft.gateways),
    nameServers: namesOf(draft.nameServers),
    ...(draft.vlan.trim() === "" ? {} : { vlan: Number(draft.vlan) }),
  };
}

/** Where this page is to be had under the settings; undefined where the network decides that. */
export function newPlace(
  settings: NetworkSettings,
  { port, pathname }: Pick<Location, "port" | "pathname">,
): string | undefined {
  const first = settings.method === "static" ? settings.addresses[0]?.split("/")[0] : undefined;
  if (first === undefined || !/^[0-9a-f.:]+$/i.test(first)) return undefined;
  const host = first.includes(":") ? `[${first}]` : first;
  return `https://${host}${port === "" ? "" : `:${port}`}${pathname}`;
}

/** Not those of the link alone, which every interface makes for itself (RFC 4291, 2.5.6; RFC 3927). */
function isRoutable(address: string): boolean {
  return !/^(fe[89ab]|169\.254\.)/i.test(address);
}
