import {
  generalQueue,
  isRepresentativeId,
  parseLsid,
  type RepresentativeId,
  type SessionView,
} from "@handrail/protocol";

/** The LSID or representative's id that repeats a digit. */
export const lsid = (digit: string) => parseLsid(digit.repeat(32));

/** As `lsid`, of a representative. */
export function person(digit: string): RepresentativeId {
  const id = digit.repeat(32);
  if (!isRepresentativeId(id)) throw new Error("not a digit");
  return id;
}

/** A session that waits in the general queue. */
export function session(digit: string, changes: Partial<SessionView> = {}): SessionView {
  return {
    lsid: lsid(digit),
    state: "waiting",
    queue: { id: generalQueue, name: "General" },
    customer: { name: `Customer ${digit}`, computer: "LOKI", platform: "Debian 12", issue: "" },
    customerConnected: true,
    createdAt: 1_000,
    waitingSince: 1_000,
    participants: [],
    permissions: {
      view: "not-asked",
      control: "not-asked",
      chat: "granted",
      record: "granted",
      share: "granted",
      shell: "granted",
      files: "granted",
      "files-write": "granted",
      system: "granted",
      snapshot: "granted",
      "system-act": "granted",
      "push-url": "granted",
      actions: "granted",
      reboot: "granted",
      elevate: "granted",
      scripts: "granted",
      "clipboard-to-customer": "granted",
      "clipboard-from-customer": "granted",
      "chat-file": "granted",
      draw: "granted",
      transfer: "granted",
    },
    recording: "off",
    ...changes,
  };
}
