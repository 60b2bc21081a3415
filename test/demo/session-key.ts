import type { Workbench } from "../console/workbench.ts";

/** Makes a session key for the personal queue, as a representative of several queues does. */
export async function createKey(workbench: Workbench): Promise<string> {
  await workbench.activityBarItem("Handrail").click();
  await workbench.runCommand("Handrail: Create Session Key");
  await workbench.quickPick("Personal queue").click();
  const message = await workbench
    .notification(/Session key/)
    .first()
    .innerText();
  const key = /\d{3} \d{4}/.exec(message)?.[0];
  if (key === undefined) throw new Error(`no key in: ${message}`);
  return key;
}
