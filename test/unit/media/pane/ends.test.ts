import { describe, expect, it, vi } from "vitest";
import {
  type CommandHandlers,
  HostEnd,
  PaneEnd,
  type PlayerPane,
} from "../../../../media/pane/contract.ts";

/** Both ends, joined as a webview joins them: by copies, later. */
function joined(host: Partial<ConstructorParameters<typeof HostEnd<PlayerPane>>[0]> = {}) {
  const commands = {
    state: vi.fn<CommandHandlers<PlayerPane>["state"]>(),
    "play.toggle": vi.fn<() => void>(),
    "play.seekBy": vi.fn<CommandHandlers<PlayerPane>["play.seekBy"]>(),
    "screenshot.take": vi.fn<() => void>(),
  };
  const ready = vi.fn<() => void>();
  const pane: PaneEnd<PlayerPane> = new PaneEnd<PlayerPane>({
    handlers: commands,
    post: (message) => queueMicrotask(() => end.receive(structuredClone(message))),
  });
  const end: HostEnd<PlayerPane> = new HostEnd<PlayerPane>({
    post: (message) => queueMicrotask(() => pane.receive(structuredClone(message))),
    refusalOf: (error) => ({ code: "not-found", message: String(error) }),
    handlers: {
      requests: {
        "recording.read": ({ fromByte }) => ({ bytes: Uint8Array.of(fromByte) }),
        "screenshot.save": () => Promise.reject(new Error("no room")),
        "link.open": () => null,
      },
      notifications: { ready, failed: () => undefined },
    },
    ...host,
  });
  return { pane, end, commands, ready };
}

describe("the two ends of a pane", () => {
  it("answer requests, and refuse with a code", async () => {
    const { pane } = joined();
    const read = pane.request("recording.read", { fromByte: 7, maxBytes: 1 });
    await expect(read).resolves.toEqual({ bytes: Uint8Array.of(7) });
    const picture = { png: new Uint8Array(), width: 1, height: 1 };
    const save = pane.request("screenshot.save", picture);
    await expect(save).rejects.toMatchObject({ name: "PaneRefusal", code: "not-found" });
  });

  it("carry notifications and commands", async () => {
    const { pane, end, commands, ready } = joined();
    pane.notify("ready", null);
    end.command("play.seekBy", { ms: 5 });
    await vi.waitFor(() => expect(commands["play.seekBy"]).toHaveBeenCalledWith({ ms: 5 }));
    expect(ready).toHaveBeenCalledOnce();
  });

  it("count what is on its way, and send exact copies", async () => {
    const taken = vi.fn<() => void>();
    const { pane, end } = joined({ taken });
    const received: Uint8Array[] = [];
    pane.onSurface((message) => received.push(message));
    end.sendSurface(new Uint8Array(100).subarray(10, 20));
    end.sendSurface(Uint8Array.of(1));
    expect(end.surfaceInFlight).toBe(2);
    await vi.waitFor(() => expect(received).toHaveLength(2));
    expect(received[0]?.buffer.byteLength).toBe(10);
    pane.taken();
    await vi.waitFor(() => expect(taken).toHaveBeenCalledOnce());
    expect(end.surfaceInFlight).toBe(1);
  });

  it("ignore what is not theirs", () => {
    const { pane, end } = joined();
    for (const raw of [null, 1, "x", {}, { t: 5 }, { t: "command", name: "constructor" }]) {
      pane.receive(raw);
      end.receive(raw);
    }
    end.receive({ t: "notification", name: "toString", with: null });
  });
});
