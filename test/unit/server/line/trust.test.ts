import { Socket } from "node:net";
import { expect, it } from "vitest";
import { distrustOf } from "../../../../appliance/server/line/trust.ts";

it("a line without TLS is trusted by nobody", () => {
  const socket = new Socket();
  expect(distrustOf(socket, { by: "authorities" })?.fault).toBe("no-tls");
  expect(distrustOf(socket, { by: "pin", pin: "0".repeat(64) })?.fault).toBe("no-tls");
});
