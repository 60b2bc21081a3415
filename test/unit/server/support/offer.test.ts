import { expect, it } from "vitest";
import { makeOwnIdentity } from "../../../../appliance/server/certificate/identity.ts";
import { offerBundle } from "../../../../appliance/server/support/offer.ts";
import { Asking } from "../../../support/ask.ts";
import { freePort } from "../../../support/free-port.ts";

const content = Buffer.from("what helps");

it.each(["127.0.0.1", "192.0.2.1"])(
  "a bundle is offered where %s is the address in the settings, be it the machine's or not",
  async (address) => {
    const port = await freePort();
    const ended = new AbortController();
    const { promise: code, resolve: tell } = Promise.withResolvers<string>();
    const identity = await makeOwnIdentity(["localhost"], Date.now());
    const offer = { name: "bundle.tar.gz", content, identity, address, port, tell };
    const offering = offerBundle(offer, ended.signal);
    using asking = new Asking(() => `https://127.0.0.1:${port}`);
    expect((await asking.ask(`/${await code}`)).bytes).toEqual(content);
    ended.abort();
    await offering;
  },
);

it("no bundle is offered where something else has the port", async () => {
  const port = await freePort();
  const ended = new AbortController();
  const { promise: begun, resolve: tell } = Promise.withResolvers<string>();
  const identity = await makeOwnIdentity(["localhost"], Date.now());
  const offer = { name: "bundle.tar.gz", content, identity, address: "127.0.0.1", port };
  const first = offerBundle({ ...offer, tell }, ended.signal);
  await begun;
  const second = offerBundle({ ...offer, tell: () => undefined }, ended.signal);
  await expect(second).rejects.toThrow("EADDRINUSE");
  ended.abort();
  await first;
});
