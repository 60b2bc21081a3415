import { expect, it } from "vitest";
import { runName } from "../../../../extension/runbook/run-name.ts";

it("names a run after its runbook and its cell, however long the name is", () => {
  expect(runName("/srv/ann/Slow disk.runbook", "cell 2")).toBe("Slow disk.runbook, cell 2");
  expect(runName("Unsaved runbook", "cell 1")).toBe("Unsaved runbook, cell 1");
  const long = runName(`/srv/${"x".repeat(300)}`, "cell 12");
  expect(long).toMatch(/^x+, cell 12$/);
  expect(long.length).toBeLessThanOrEqual(100);
});
