import { expect, test } from "vitest";
import { onceOn } from "../demo/once.ts";
import { Stage } from "../demo/stage.ts";
import { image, note, report } from "./image.ts";
import { Disk, Machine } from "./machine.ts";
import { Keys } from "./seeded.ts";
import { Site } from "./site.ts";

test("a representative in VS Code helps a customer over the appliance, with every tool", async () => {
  using keys = new Keys();
  using disk = new Disk(image);
  await using machine = await Machine.start(disk, { ports: [443, 22], cd: await keys.seed() });
  using site = new Site(machine, keys.sshFile);
  await site.answers();
  const admin = await site.signIn();
  await site.letIn(admin, keys.sshPublicKey);
  await site.takeName();

  const said: Promise<void>[] = [];
  const say = (line: string) => void said.push(note(line));
  await using stage = await Stage.around(site, say);
  const result = await onceOn(stage, say, { pictures: "some" });
  await note(JSON.stringify(result));
  await Promise.all(said);
  expect(result).toMatchObject({ ok: true });
  await report("after a whole session", machine);
  expect(await site.shell("systemctl --failed --plain --no-legend")).toBe("");
});
