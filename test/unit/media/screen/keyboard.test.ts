import { describe, expect, it } from "vitest";
import { Keyboard, type KeyInput } from "../../../../media/screen/keyboard.ts";
import type { Platform } from "../../../../media/screen/keysym.ts";

const released = {
  shiftKey: false,
  ctrlKey: false,
  altKey: false,
  metaKey: false,
  altGraph: false,
};

function keyboard(platform: Platform = "linux") {
  const sent: string[] = [];
  const made = new Keyboard(
    {
      key: (keysym, down) => sent.push(`${down ? "+" : "-"}${keysym.toString(16)}`),
      text: (text) => sent.push(`"${text}"`),
    },
    platform,
  );
  const event = (type: KeyInput["type"], key: string, code: string, more: Partial<KeyInput>) => {
    const input = { type, key, code, location: 0, repeat: false, isComposing: false };
    return made.take({ ...released, ...input, ...more });
  };
  return {
    sent,
    keyboard: made,
    down: (key: string, code: string, more: Partial<KeyInput> = {}) =>
      event("keydown", key, code, more),
    up: (key: string, code: string, more: Partial<KeyInput> = {}) =>
      event("keyup", key, code, more),
  };
}

describe("the keyboard", () => {
  it("lets a key go up as what it went down as, whatever became of Shift", () => {
    const { sent, down, up } = keyboard();
    down("Shift", "ShiftLeft", { location: 1, shiftKey: true });
    down("!", "Digit1", { shiftKey: true });
    up("Shift", "ShiftLeft", { location: 1 });
    up("1", "Digit1");
    expect(sent).toEqual(["+ffe1", "+21", "-ffe1", "-21"]);
  });

  it("repeats a held key", () => {
    const { sent, down, up } = keyboard();
    down("a", "KeyA");
    down("a", "KeyA", { repeat: true });
    up("a", "KeyA");
    expect(sent).toEqual(["+61", "+61", "-61"]);
  });

  it("presses a modifier that was held before the keyboard was taken", () => {
    const { sent, down } = keyboard();
    down("c", "KeyC", { ctrlKey: true });
    expect(sent).toEqual(["+ffe3", "+63"]);
  });

  it("releases a modifier that was let go elsewhere, also with an event of the mouse", () => {
    const { sent, down, keyboard: made } = keyboard();
    down("Alt", "AltLeft", { location: 1, altKey: true });
    made.synchronise(released);
    expect(sent).toEqual(["+ffe9", "-ffe9"]);
  });

  it("releases the right-hand modifier where that is the one held", () => {
    const { sent, down, keyboard: made } = keyboard();
    down("Shift", "ShiftRight", { location: 2, shiftKey: true });
    made.synchronise(released);
    expect(sent).toEqual(["+ffe2", "-ffe2"]);
  });

  it("leaves a dead key and the letter after it to the browser, and sends what came of it", () => {
    const { sent, down, up, keyboard: made } = keyboard();
    expect(down("Dead", "BracketLeft")).toBe("composing");
    up("Dead", "BracketLeft");
    expect(down("ê", "KeyE")).toBe("composing");
    made.compose("ê");
    up("e", "KeyE");
    down("e", "KeyE");
    expect(sent).toEqual(['"ê"', "+65"]);
  });

  it("sends a dead key's Backspace and arrows as keys", () => {
    const { sent, down } = keyboard();
    down("Dead", "BracketLeft");
    expect(down("Backspace", "Backspace")).toBe("taken");
    expect(sent).toEqual(["+ff08"]);
  });

  it("keeps out of an input method's way", () => {
    const { sent, down, up, keyboard: made } = keyboard();
    expect(down("Process", "KeyK", { isComposing: true })).toBe("composing");
    up("k", "KeyK", { isComposing: true });
    made.compose("漢字");
    expect(sent).toEqual(['"漢字"']);
  });

  it("sends AltGr on Linux as the third level, and the character as itself", () => {
    const { sent, down, up } = keyboard();
    down("AltGraph", "AltRight", { location: 2, altGraph: true });
    down("€", "KeyE", { altGraph: true });
    up("€", "KeyE", { altGraph: true });
    up("AltGraph", "AltRight", { location: 2 });
    expect(sent).toEqual(["+fe03", "+20ac", "-20ac", "-fe03"]);
  });

  it("drops the Control that Windows puts before AltGr", () => {
    const { sent, down, up } = keyboard("windows");
    const altGr = { ctrlKey: true, altKey: true, altGraph: true };
    down("Control", "ControlLeft", { location: 1, ctrlKey: true });
    down("AltGraph", "AltRight", { location: 2, ...altGr });
    down("@", "Digit0", altGr);
    up("@", "Digit0", altGr);
    up("Control", "ControlLeft", { location: 1, altKey: true, altGraph: true });
    up("AltGraph", "AltRight", { location: 2 });
    expect(sent).toEqual(["+fe03", "+40", "-40", "-fe03"]);
  });

  it("sends Control on Windows with the next event, or when it goes up", () => {
    const { sent, down, up } = keyboard("windows");
    down("Control", "ControlLeft", { location: 1, ctrlKey: true });
    down("c", "KeyC", { ctrlKey: true });
    up("c", "KeyC", { ctrlKey: true });
    up("Control", "ControlLeft", { location: 1 });
    down("Control", "ControlLeft", { location: 1, ctrlKey: true });
    up("Control", "ControlLeft", { location: 1 });
    expect(sent).toEqual(["+ffe3", "+63", "-63", "-ffe3", "+ffe3", "-ffe3"]);
  });

  it("lets keys go at once on a Mac while Command is held", () => {
    const { sent, down } = keyboard("mac");
    down("Meta", "MetaLeft", { location: 1, metaKey: true });
    down("Tab", "Tab", { metaKey: true });
    expect(sent).toEqual(["+ffe9", "+ff09", "-ff09"]);
  });

  it("sends Option's characters on a Mac without Alt", () => {
    const { sent, down } = keyboard("mac");
    down("Alt", "AltLeft", { location: 1, altKey: true });
    down("@", "KeyL", { altKey: true });
    expect(sent).toEqual(["+fe03", "+40"]);
  });
});

describe("the chord Ctrl+Alt+Shift", () => {
  const hold = (keys: ReturnType<typeof keyboard>) => {
    keys.down("Control", "ControlLeft", { location: 1, ctrlKey: true });
    keys.down("Alt", "AltLeft", { location: 1, ctrlKey: true, altKey: true });
    keys.down("Shift", "ShiftLeft", { location: 1, ...released, shiftKey: true });
  };

  it("gives the keyboard back when it goes up", () => {
    const keys = keyboard();
    hold(keys);
    expect(keys.up("Shift", "ShiftLeft", { location: 1 })).toBe("released");
  });

  it("is only itself without another key", () => {
    const keys = keyboard();
    hold(keys);
    keys.down("K", "KeyK", { ctrlKey: true, altKey: true, shiftKey: true });
    keys.up("K", "KeyK", { ctrlKey: true, altKey: true, shiftKey: true });
    expect(keys.up("Shift", "ShiftLeft", { location: 1 })).toBe("taken");
  });

  it("works where Alt with Shift is called Meta", () => {
    const keys = keyboard();
    keys.down("Shift", "ShiftLeft", { location: 1, shiftKey: true });
    keys.down("Meta", "AltLeft", { location: 1, shiftKey: true, altKey: true });
    keys.down("Control", "ControlLeft", { location: 1, ctrlKey: true, shiftKey: true });
    expect(keys.up("Control", "ControlLeft", { location: 1 })).toBe("released");
  });
});
