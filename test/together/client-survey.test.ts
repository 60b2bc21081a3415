import { afterAll, beforeAll, expect, it } from "vitest";
import { Appliance } from "../support/appliance.ts";
import { artifact } from "../support/artifacts.ts";
import { Desktop } from "../support/desktop.ts";
import { poll } from "../support/poll.ts";
import { Admin } from "../support/signed-in.ts";
import { Visit } from "../support/visit.ts";

let appliance: Appliance;
let desktop: Desktop;
beforeAll(async () => {
  [appliance, desktop] = await Promise.all([Appliance.start(), Desktop.start()]);
  await appliance.setUp();
});
afterAll(async () => {
  await desktop[Symbol.asyncDispose]();
  await appliance[Symbol.asyncDispose]();
});

it("the customer answers in the help window's last page, and the client takes itself away", async () => {
  const admin = new Admin(appliance);
  await admin.signIn();
  const text = { en: "Is it solved?", fr: "Est-ce résolu ?" };
  const question = { text, audience: "customer", kind: "yes-no" };
  expect((await admin.write("questions", question)).status).toBe(201);
  await using visit = await Visit.begin({ appliance, desktop, language: "fr" });
  await visit.representative.call("session.end", { lsid: visit.lsid });
  const answers = async () => {
    const { surveys } = await admin.json<{ surveys: { answers: { value: string }[] }[] }>(
      `sessions/${visit.lsid}`,
    );
    return surveys[0]?.answers.map(({ value }) => value);
  };
  await poll("the answer is kept", async () => {
    await visit.window.focus();
    // Until the last page is there, these keys write nothing: there is no box of that letter.
    await desktop.xdotool("key", "Tab", "space");
    await desktop.screenshot(await artifact("client-survey.png"));
    await desktop.xdotool("key", "alt+e");
    return answers();
  });
  expect(await answers()).toEqual(["yes"]);
  await visit.window.dismiss();
});
