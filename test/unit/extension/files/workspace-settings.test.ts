import { expect, it } from "vitest";
import { isObeyed } from "../../../../extension/files/workspace-settings.ts";

it.each(["settings.json", "tasks.json", "launch.json", "mcp.json", "TASKS.json"])(
  "keeps VS Code from obeying %s of a customer's folder in the workspace",
  (name) => {
    expect(isObeyed(`/data/carla/.vscode/${name}`, ["/srv", "/data/carla"])).toBe(true);
    expect(isObeyed(`/data/carla/office/.vscode/${name}`, ["/data/carla"])).toBe(true);
    expect(isObeyed(`/.vscode/${name}`, ["/"])).toBe(true);
  },
);

it("leaves every other file, and all where the folder is in no workspace", () => {
  expect(isObeyed("/data/carla/.vscode/settings.json", [])).toBe(false);
  expect(isObeyed("/data/carla/.vscode/settings.json", ["/data/carl"])).toBe(false);
  expect(isObeyed("/data/carla/.vscode/argv.json", ["/data/carla"])).toBe(false);
  expect(isObeyed("/data/carla/settings.json", ["/data/carla"])).toBe(false);
});
