import { expect, it } from "vitest";
import {
  compareVersions,
  versionShape,
} from "../../../../appliance/server/update/release-version.ts";

it("puts versions in order", () => {
  const inOrder = ["0.1.0", "0.1.1", "0.2.0", "0.10.0", "1.0.0-alpha.2", "1.0.0-beta.1"];
  const all = [...inOrder, "1.0.0-beta.2", "1.0.0-beta.10", "1.0.0", "10.0.0"];
  expect(all.toReversed().toSorted(compareVersions)).toEqual(all);
  expect(compareVersions("1.2.3", "1.2.3")).toBe(0);
});

it.each(["1.0", "01.0.0", "1.0.0-", "1.0.0/..", "v1.0.0", "1.0.0-a.b", "..", ""])(
  "does not take %s for a version",
  (text) => {
    expect(versionShape.safeParse(text).success).toBe(false);
  },
);
