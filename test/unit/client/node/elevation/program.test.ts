import { spawn } from "node:child_process";
import { expect, it } from "vitest";
import { RunningElevated } from "../../../../../appliance/client/node/elevation/program.ts";

/** A program with rights that says this and waits for the end of its input. */
function saying(script: string) {
  const child = spawn("/bin/sh", ["-c", `${script}; cat >/dev/null`], {
    stdio: ["pipe", "pipe", "ignore"],
  });
  return new RunningElevated({
    ...{ child, shell: "/bin/sh", variables: {}, joinWith: () => "" },
  });
}

it.each([
  ["no JSON", "echo nonsense"],
  ["no report", `echo '{"report":"other"}'`],
  ["a line without an end", "head -c 3000000 /dev/zero | tr '\\0' x"],
])("is over, and the client goes on, when a program says %s", async (_what, script) => {
  const program = saying(script);
  const exited = Promise.withResolvers<number>();
  program.shells.start({
    ...{ nonce: program.shells.nonce(), size: { columns: 80, rows: 24 } },
    ...{ output: () => expect.fail("it has no output"), exited: exited.resolve },
  });
  expect(await exited.promise).toBe(1);
  await program.ended;
});
