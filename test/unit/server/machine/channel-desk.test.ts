import { randomBytes } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { readFile, rename, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { ReleaseChannelFault } from "@handrail/protocol/upkeep";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { systemClock } from "../../../../appliance/server/clock.ts";
import { createLog } from "../../../../appliance/server/log.ts";
import { ChannelDesk } from "../../../../appliance/server/machine/channel-desk.ts";
import { applianceValues } from "../../../../appliance/server/store/appliance-values.ts";
import { AuditLog } from "../../../../appliance/server/store/audit.ts";
import { openStore } from "../../../../appliance/server/store/database.ts";
import { toChannelError } from "../../../../appliance/server/update/channel/channel-error.ts";
import { knownReleases } from "../../../../appliance/server/update/channel/known.ts";
import { readUpkeep, upkeepShape } from "../../../../appliance/server/update/channel/settings.ts";
import { mountMemory } from "../../../support/memory-disk.ts";
import { poll } from "../../../support/poll.ts";
import { ReleaseChannel } from "../../../support/release-channel.ts";
import { makeSigner, makeSmallTree, packRelease, type Signer } from "../../../support/release.ts";

const ann = { who: "Ann Archer", whoId: "a1" };
const name = "handrail-1.1.0.hrupdate";

type Row = Readonly<Record<string, unknown>>;

let folder: string;
let signer: Signer;
let stranger: Signer;
/** A bundle of release 1.1.0 that takes more than one piece on the line. */
let bundle: string;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "handrail-channels-"));
  [signer, stranger] = [makeSigner(folder), makeSigner(folder, "stranger")];
  const tree = makeSmallTree(folder, "1.1.0", { committedAt: 1_000 });
  bundle = await packRelease(tree, signer);
  mkdirSync(path.join(folder, "keys"));
  await writeFile(path.join(folder, "keys/a.pem"), signer.publicPem);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let stack: AsyncDisposableStack;
let channel: ReleaseChannel;
let dataDirectory: string;
let site: ReturnType<typeof openSite>;
beforeEach(async () => {
  stack = new AsyncDisposableStack();
  channel = stack.use(await ReleaseChannel.start());
  copyFileSync(bundle, path.join(channel.folder, name));
  await writeFile(path.join(channel.folder, "handrail-1.1.0.txt"), "Mends this.\nAnd that.\n");
  await channel.publish(signer);
  dataDirectory = mkdtempSync(path.join(folder, "data-"));
  site = openSite(dataDirectory);
  await site.desk.change({ ...site.desk.settings, channel: channel.named }, ann);
});
afterEach(() => stack.disposeAsync());

function openSite(data: string, version = "1.0.0") {
  const log = createLog("error", () => undefined);
  const store = stack.use(openStore(":memory:", systemClock));
  const audit = stack.use(new AuditLog({ store, clock: systemClock, log }));
  const values = applianceValues(store);
  const options = {
    ...{ values, audit, clock: systemClock, log, version, dataDirectory: data },
    updateKeysDirectory: path.join(folder, "keys"),
  };
  const start = () => stack.use(new ChannelDesk(options));
  const rows = () =>
    audit
      .page({ limit: 100 })
      .map(({ event, who, detail }): Row => ({ event, who, ...detail }))
      .toReversed();
  return { desk: start(), start, rows, values };
}

/** Of what is tried; "" when it goes well. */
async function faultOf(trying: Promise<unknown>): Promise<ReleaseChannelFault | ""> {
  return trying.then(
    () => "",
    (error: unknown) => toChannelError(error).fault,
  );
}

const at = (file: string) => path.join(channel.folder, file);

describe("a look at a channel", () => {
  it("finds the newest release that is newer than what runs, and says so once", async () => {
    const { desk, rows } = site;
    await desk.look();
    expect(desk.state.offered).toEqual({
      version: "1.1.0",
      sizeBytes: statSync(bundle).size,
      releasedAt: 1_000,
      notes: "Mends this.\nAnd that.",
    });
    expect(desk.state.trouble).toBeUndefined();
    expect(Math.abs((desk.state.lookedAt ?? 0) - Date.now())).toBeLessThan(60_000);
    await desk.look();
    expect(rows().map(({ event }) => event)).toEqual(["update.channel-changed", "update.found"]);
    expect(rows()[0]).toMatchObject({ who: ann.who, channelBefore: "" });
    expect(String(rows()[0]?.channel)).toMatch(
      /^https:\/\/127\.0\.0\.1:\d+\/releases\/ ca=[0-9a-f]+/,
    );
    const same = openSite(dataDirectory, "1.1.0");
    await same.desk.change({ ...same.desk.settings, channel: channel.named }, ann);
    await same.desk.look();
    expect(same.desk.state.offered).toBeUndefined();
  });

  it("takes no index that was changed, that somebody else has signed, or that is none", async () => {
    const { desk, rows, values } = site;
    const index = await readFile(at("index.json"));
    await writeFile(at("index.json"), index.toString().replace("Mends", "Bends"));
    expect(await faultOf(desk.look())).toBe("forged");
    expect(desk.state).toMatchObject({ trouble: { fault: "forged" }, offered: undefined });
    rmSync(at("index.json"));
    rmSync(at(name));
    await channel.publish(stranger);
    expect(await faultOf(desk.look())).toBe("forged");
    // The same trouble again is told once.
    expect(rows().filter(({ event }) => event === "update.not-found")).toMatchObject([
      { who: "appliance", because: "channel-forged" },
    ]);
    rmSync(at("index.json.sig"));
    expect(await faultOf(desk.look())).toBe("no-index");
    await writeFile(at("index.json.sig"), Buffer.alloc(2000));
    expect(await faultOf(desk.look())).toBe("damaged-index");
    // It is one trouble from the first failed look on, until a look goes well.
    const since = knownReleases(values).channelUnreadSince ?? 0;
    expect(since).toBeLessThan(desk.state.trouble?.at ?? 0);
    // Who looks by hand sees it then.
    await desk.change({ ...desk.settings, looksDaily: false }, ann);
    expect(await faultOf(desk.look())).toBe("damaged-index");
    expect(knownReleases(values).channelUnreadSince).toBeUndefined();
  });

  it("takes no older index than one that it has seen", async () => {
    const { desk } = site;
    await desk.look();
    const kept = await Promise.all(
      ["index.json", "index.json.sig"].map((each) => readFile(at(each))),
    );
    rmSync(at(name));
    await channel.publish(signer);
    await desk.look();
    expect(desk.state.offered).toBeUndefined();
    for (const [i, each] of ["index.json", "index.json.sig"].entries()) {
      await writeFile(at(each), kept[i] ?? "");
    }
    expect(await faultOf(desk.look())).toBe("older-index");
    expect(desk.state.offered).toBeUndefined();
  });

  it("asks nobody whose certificate is not trusted, and says which one it was", async () => {
    const { desk } = site;
    const { url } = channel;
    await desk.change({ ...desk.settings, channel: { url, trust: { by: "authorities" } } }, ann);
    expect(await faultOf(desk.look())).toBe("untrusted");
    const { fingerprint = "" } = desk.state.trouble ?? {};
    expect(fingerprint).toMatch(/^[0-9a-f]{64}$/);
    expect(channel.asked).toEqual([]);
    const trust = { by: "pin", pin: fingerprint } as const;
    await desk.change({ ...desk.settings, channel: { url, trust } }, ann);
    expect(desk.state.trouble).toBeUndefined();
    await desk.look();
    expect(desk.state.offered?.version).toBe("1.1.0");
  });
});

describe("a release from a channel", () => {
  it("is fetched whole, once, and goes when another channel is named", async () => {
    const { desk, rows, start } = site;
    await desk.look();
    const file = await desk.fetch(ann);
    expect((await readFile(file)).equals(await readFile(bundle))).toBe(true);
    expect(desk.state).toMatchObject({ isFetched: true, fetching: undefined });
    expect(start().state.isFetched).toBe(true);
    const asked = channel.asked.length;
    await desk.fetch(ann);
    expect(channel.asked.length).toBe(asked);
    const sizeBytes = statSync(bundle).size;
    expect(rows().at(-1)).toEqual({
      event: "update.fetched",
      who: ann.who,
      version: "1.1.0",
      sizeBytes,
    });
    const url = new URL("/others/", channel.url).href;
    await desk.change({ ...desk.settings, channel: { ...channel.named, url } }, ann);
    expect(desk.state).toMatchObject({ isFetched: false, offered: undefined });
    expect(await faultOf(desk.look())).toBe("no-index");
  });

  it("is taken up where the line broke, also after a restart", async () => {
    const { desk, start } = site;
    await desk.look();
    channel.cuts.push(100, 50);
    await desk.fetch(ann);
    expect(channel.asked.filter((each) => each.startsWith(name)).length).toBe(3);
    // Nothing comes any more: it is given up for now.
    const file = desk.fetchedFile ?? "";
    await rename(file, `${file}.part`);
    await truncate(`${file}.part`, 200);
    channel.cuts.push(0, 0, 0);
    const later = start();
    expect(await faultOf(later.fetch(ann))).toBe("lost");
    expect(later.state).toMatchObject({ isFetched: false, fetchTrouble: { fault: "lost" } });
    await later.fetch(ann);
    expect(channel.asked.slice(-2)).toEqual([`${name} bytes=200-`, `${name} bytes=200-`]);
    expect((await readFile(file)).equals(await readFile(bundle))).toBe(true);
    // A server that knows no ranges begins anew.
    await rename(file, `${file}.part`);
    await truncate(`${file}.part`, 200);
    channel.knowsRanges = false;
    await start().fetch(ann);
    expect((await readFile(file)).equals(await readFile(bundle))).toBe(true);
  });

  it("is not kept when it is another one than the index names, or too long", async () => {
    const { desk } = site;
    await desk.look();
    const whole = await readFile(bundle);
    const { length } = whole;
    for (const content of [
      randomBytes(length),
      Buffer.concat([whole, whole]),
      whole.subarray(0, length / 2),
    ]) {
      await writeFile(at(name), content);
      expect(await faultOf(desk.fetch(ann))).toBe("damaged-bundle");
      expect(desk.state.isFetched).toBe(false);
    }
    rmSync(at(name));
    expect(await faultOf(desk.fetch(ann))).toBe("no-bundle");
    await writeFile(at(name), whole);
    await desk.fetch(ann);
    expect(desk.state.isFetched).toBe(true);
  });

  it("can be given up, and is fetched by one at a time", async () => {
    const { desk, start } = site;
    await desk.look();
    const held = Promise.withResolvers<undefined>();
    channel.hold = held.promise;
    const fetching = faultOf(desk.fetch(ann));
    await poll("it is on its way", () => (desk.state.fetching?.doneBytes ?? 0) > 0);
    expect(desk.state.fetching).toMatchObject({
      version: "1.1.0",
      sizeBytes: statSync(bundle).size,
    });
    // Also not by the command beside the appliance.
    expect(await faultOf(start().fetch(ann))).toBe("busy");
    desk.cancel();
    expect(await fetching).toBe("cancelled");
    expect(desk.state).toMatchObject({ isFetched: false, fetching: undefined });
    expect(desk.state.fetchTrouble).toBeUndefined();
    held.resolve(undefined);
    channel.hold = undefined;
    await desk.fetch(ann);
    expect(desk.state.isFetched).toBe(true);
  });

  it("is not fetched to a disk without room for it", async () => {
    using disk = mountMemory(path.join(folder, "disk"), "8m");
    const small = openSite(disk.folder);
    await small.desk.change({ ...small.desk.settings, channel: channel.named }, ann);
    await small.desk.look();
    expect(await faultOf(small.desk.fetch(ann))).toBe("no-space");
    expect(small.desk.state.fetchTrouble).toEqual({ fault: "no-space", fingerprint: undefined });
    expect(existsSync(small.desk.fetchedFile ?? "/nonexistent")).toBe(false);
  });
});

describe("the settings of a channel", () => {
  it("have an address of HTTPS without anything secret, and a window", () => {
    const { window } = readUpkeep(site.values);
    const taken = (url: string) =>
      upkeepShape.safeParse({
        ...{ looksDaily: true, installs: "never", restarts: "never", window },
        channel: { url, trust: { by: "authorities" } },
      }).data?.channel?.url;
    expect(taken(" https://updates.example.org/handrail ")).toBe(
      "https://updates.example.org/handrail/",
    );
    expect(taken("https://[2001:db8::1]:8443/")).toBe("https://[2001:db8::1]:8443/");
    for (const url of [
      ...["http://updates.example.org/", "updates.example.org", "file:///etc/passwd", "https://"],
      ...["https://ann:secret@updates.example.org/", "https://updates.example.org/?key=1"],
    ]) {
      expect(taken(url)).toBeUndefined();
    }
  });
});
