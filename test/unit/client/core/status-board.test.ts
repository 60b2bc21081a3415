import { describe, expect, it } from "vitest";
import { Elevations } from "../../../../appliance/client/core/elevation/host.ts";
import { PolicyGate } from "../../../../appliance/client/core/policy-gate.ts";
import { StatusBoard } from "../../../../appliance/client/core/status-board.ts";
import { texts } from "../../../../appliance/client/core/texts.ts";
import { WindowRecord } from "./edges.ts";

const none = "not-asked" as const;
const permissions = {
  ...{ files: none, "files-write": none },
  ...{ "clipboard-to-customer": none, "clipboard-from-customer": none, draw: none },
  ...{ "chat-file": none },
  ...{ view: none, control: none, shell: none, system: none, snapshot: none },
  ...{ "system-act": none, actions: none, reboot: none, elevate: none },
  ...{ scripts: none, "push-url": none },
  ...{ chat: none, record: none, transfer: none, share: none },
};

describe.each(["en", "fr"] as const)("the status in %s", (language) => {
  it("says that nobody sees the screen until that is allowed, and again once it is not", () => {
    const { connected, connectedUnseen } = texts[language];
    const window = new WindowRecord();
    const board = new StatusBoard(window, texts[language], "ACME");
    const gate = new PolicyGate(() => board.update(gate));
    board.setLine("online");
    board.setSession({
      ...{ state: "active", queueName: "", representatives: ["Ann"], permissions },
      ...{ recording: "off", tools: [] },
    });
    gate.sessionChanged("active", {});
    expect(window.shown?.status).toBe(connectedUnseen);
    gate.answered("view", true);
    board.update(gate);
    expect(window.shown?.status).toBe(connected);
    gate.takeBack("view");
    expect(window.shown?.status).toBe(connectedUnseen);
    gate.answered("view", false);
    expect(window.shown?.status).toBe(connectedUnseen);
  });

  it("names what is allowed once: as being used while it is, and as allowed else", () => {
    const { mayShell, maySystem, uses } = texts[language];
    const window = new WindowRecord();
    const board = new StatusBoard(window, texts[language], "ACME");
    const gate = new PolicyGate(() => board.update(gate));
    gate.sessionChanged("active", {});
    for (const permission of ["shell", "system"] as const) gate.answered(permission, true);
    const session = {
      ...{ state: "active" as const, queueName: "", representatives: ["Ann"], permissions },
      recording: "off" as const,
    };
    board.setSession({ ...session, tools: [{ tool: "shell", by: "Ann" }] });
    board.update(gate);
    expect(window.shown?.allowed).toEqual([uses.shell("Ann", ""), maySystem]);
    board.setSession({ ...session, tools: [] });
    board.update(gate);
    expect(window.shown?.allowed).toEqual([mayShell, maySystem]);
  });

  it("closes the box for messages while a password is typed elsewhere", () => {
    const window = new WindowRecord();
    const board = new StatusBoard(window, texts[language], "ACME");
    expect(window.shown?.mayWrite).toBe(true);
    board.setWriting(false);
    expect(window.shown?.mayWrite).toBe(false);
    board.setWriting(true);
    expect(window.shown?.mayWrite).toBe(true);
  });

  it("lists nothing that the customer is still being asked for", () => {
    const window = new WindowRecord();
    const { uses, elevation } = texts[language];
    const board = new StatusBoard(window, texts[language], "ACME");
    const gate = new PolicyGate(() => board.update(gate));
    const rights = new Elevations();
    board.elevations = () => rights.uses;
    gate.sessionChanged("active", {});
    const session = {
      ...{ state: "active" as const, queueName: "", representatives: ["Ann"], permissions },
      recording: "off" as const,
    };
    const tools = (["files", "elevate", "elevate"] as const).map((tool) => ({ tool, by: "Ann" }));
    board.setSession({ ...session, tools });
    board.update(gate);
    expect(window.shown?.allowed).toEqual([]);
    gate.answered("files", false);
    board.update(gate);
    expect(window.shown?.allowed).toEqual([]);
    gate.answered("files", true);
    const shell = { by: "Ann", purpose: "shell", script: "", isGiven: true } as const;
    const script = { ...shell, purpose: "script", script: "Errors", isGiven: false } as const;
    const [first, second] = [new AbortController(), new AbortController()];
    rights.note(first.signal, { ...shell, isGiven: false });
    rights.note(second.signal, script);
    rights.note(first.signal, shell);
    board.update(gate);
    const lines = [shell, script].map((use) => elevation.uses(use));
    expect(window.shown?.allowed).toEqual([uses.files("Ann", ""), ...lines]);
    expect(lines[1]).toContain("Errors");
    second.abort();
    board.update(gate);
    expect(window.shown?.allowed).toEqual([uses.files("Ann", ""), lines[0]]);
  });

  it("says who may draw when it is one, and which way each file goes", () => {
    const { mayDraw, uses } = texts[language];
    const window = new WindowRecord();
    const board = new StatusBoard(window, texts[language], "ACME");
    const gate = new PolicyGate(() => board.update(gate));
    gate.sessionChanged("active", {});
    gate.answered("draw", true);
    board.fileWays = (by) => (by === "Ann" ? ["to-customer", "from-customer"] : []);
    const session = {
      ...{ state: "active" as const, queueName: "", permissions, recording: "off" as const },
      ...{ representatives: ["Ann", "Ben"], watching: ["Ben"] },
    };
    const tools = ["Ann", "Ann", "Ben"].map((by) => ({ tool: "chat-file" as const, by }));
    board.setSession({ ...session, tools });
    board.update(gate);
    expect(window.shown?.allowed).toEqual([
      uses["chat-file"]("Ann", "to-customer"),
      uses["chat-file"]("Ann", "from-customer"),
      uses["chat-file"]("Ben", ""),
      mayDraw("Ann"),
    ]);
    expect(new Set(window.shown?.allowed)).toHaveProperty("size", 4);
    board.setSession({ ...session, watching: [], tools: [] });
    board.update(gate);
    expect(window.shown?.allowed).toEqual([mayDraw(undefined)]);
  });
});
