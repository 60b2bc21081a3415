import { execFile } from "node:child_process";
import { mkdtempDisposable, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { databaseName } from "../../appliance/server/store/database.ts";
import { administrator, Appliance } from "../support/appliance.ts";
import { Asking } from "../support/ask.ts";
import { fingerprintAt } from "../support/fingerprint.ts";
import { freePort } from "../support/free-port.ts";
import { mountMemory } from "../support/memory-disk.ts";
import { Admin } from "../support/signed-in.ts";

it("makes a bundle for support, with nothing in it that is secret or somebody's", async () => {
  await using appliance = await Appliance.start();
  await appliance.setUp();
  await using folder = await mkdtempDisposable(path.join(tmpdir(), "handrail-support-"));
  const file = path.join(folder.path, "support.tar.gz");
  const secret = "a word that nobody may read";
  const place = ["--security", "none", "--host", "127.0.0.1", "--port", "25"];
  const from = ["--sender", "secret@example.org", "--user", "secretuser", "--password"];
  await appliance.commandWith(`${secret}\n`, "mail", "set", ...place, ...from);
  const credential = await appliance.command("console-credential", "--representative", "ann");
  expect((await appliance.command("support-bundle", "--out", file)).trim()).toBe(file);
  const unpacked = await promisify(execFile)("tar", ["-xzOf", file]);
  const text = unpacked.stdout;
  const list = await promisify(execFile)("tar", ["-tzf", file]);
  expect(list.stdout).toContain("handrail-support/MANIFEST.txt");
  expect(text).toContain("the site's address (URL)");
  expect(text).toMatch(/^health\.json +[1-9][0-9]* bytes/m);
  expect(text).toMatch(/^journal\.jsonl +could not be had here/m);
  expect(text).toMatch(/"representative": [1-9]/);
  const key = await readFile(path.join(appliance.dataDirectory, "private-key.pem"), "utf8");
  const { credential: token } = JSON.parse(credential) as { credential: string };
  const secrets = [secret, token, key.slice(40, 100), administrator.password];
  const personal = [administrator.displayName, "secret@example.org", "secretuser"];
  for (const each of [...secrets, ...personal]) expect(text).not.toContain(each);
  await expect(appliance.command("support-bundle", "--out", file)).rejects.toThrow(
    /cannot be written/,
  );
});

it("offers a bundle in the place of a server that does not run, to whoever has the code", async () => {
  const port = await freePort();
  await using appliance = await Appliance.start({ port });
  await appliance.setUp();
  const { dataDirectory } = appliance;
  const fingerprint = await fingerprintAt(port);
  const ann = new Admin(appliance);

  // While the server runs, nothing takes its place.
  const refused = appliance.command("support-bundle", "--offer");
  await expect(refused).rejects.toThrow(/The bundle cannot be offered: .*EADDRINUSE/);
  expect((await ann.signIn()).status).toBe(200);
  appliance.program.signal("SIGTERM");
  await appliance.program.ended();

  const list = await offered(appliance, async (asking, code) => {
    expect(await fingerprintAt(port)).toBe(fingerprint);
    const other = `${code.slice(0, -1)}${code.endsWith("B") ? "C" : "B"}`;
    for (const where of ["/", "/login", `/${other}`, `/${code}/more`]) {
      expect((await asking.ask(where)).status).toBe(404);
    }
    expect((await asking.ask(`/${code}`, { method: "POST" })).status).toBe(404);
    expect((await asking.ask(`/${code.toLowerCase()}`)).status).toBe(200);
    return listOf((await asking.ask(`/${code}`)).bytes);
  });
  expect(list).toMatch(/^database\.json +[1-9][0-9]* bytes/m);
  expect(list).toMatch(/^health\.json +[1-9][0-9]* bytes/m);

  // What keeps a server from starting keeps no bundle from being made.
  await writeFile(path.join(dataDirectory, databaseName), "no database");
  for (const end of ["-wal", "-shm"]) {
    await rm(path.join(dataDirectory, `${databaseName}${end}`), { force: true });
  }
  await writeFile(path.join(dataDirectory, "certificate.pem"), "no certificate");
  const poorer = await offered(appliance, async (asking, code) => {
    return listOf((await asking.ask(`/${code}`)).bytes);
  });
  expect(poorer).toMatch(/^database\.json +could not be had here/m);
  expect(poorer).toMatch(/^settings\.json +[1-9][0-9]* bytes/m);
});

it("offers one where the settings are what keeps the server from starting, and says so", async () => {
  await using folder = await mkdtempDisposable(path.join(tmpdir(), "handrail-support-"));
  const settings = path.join(folder.path, "server.json");
  await writeFile(settings, "{}");
  const port = await freePort();
  await using appliance = await Appliance.start({ port, env: { HANDRAIL_CONFIG: settings } });
  await appliance.setUp();
  appliance.program.signal("SIGTERM");
  await appliance.program.ended();

  const damages = ['{"seats": "many"}', '{"seats": 1', ""];
  for (const damage of damages) {
    await writeFile(settings, damage);
    const { list, settings: told } = await offered(appliance, async (asking, code) => {
      const { bytes } = await asking.ask(`/${code}`);
      return { list: await listOf(bytes), settings: await fileOf(bytes, "settings.json") };
    });
    expect(list).toMatch(/^database\.json +[1-9][0-9]* bytes/m);
    const { fault } = JSON.parse(told) as { fault: string };
    expect(fault).toContain(settings);
  }
  await rm(settings);
  const lost = await offered(appliance, async (asking, code) => {
    return fileOf((await asking.ask(`/${code}`)).bytes, "settings.json");
  });
  expect(lost).toContain("ENOENT");
});

it.each([
  ["that has room for nothing", 0, /The bundle is made without the data/, /could not be had here/],
  ["with less room than a row of the audit log takes", 40, /The audit log does not have/, /[1-9]/],
])("offers one on a disk %s", async (_disk, freeKb, says, data) => {
  await using folder = await mkdtempDisposable(path.join(tmpdir(), "handrail-support-"));
  using disk = mountMemory(path.join(folder.path, "data"), "40m");
  const port = await freePort();
  await using appliance = await Appliance.start({ port, dataDirectory: disk.folder });
  await appliance.setUp();
  appliance.program.signal("SIGTERM");
  await appliance.program.ended();
  await writeFile(path.join(disk.folder, "much"), Buffer.alloc(disk.freeBytes() - freeKb * 1024));
  const list = await offered(appliance, async (asking, code, said) => {
    expect(said).toMatch(says);
    return listOf((await asking.ask(`/${code}`)).bytes);
  });
  expect(/^database\.json +(.*)/m.exec(list)?.[1]).toMatch(data);
  expect(list).toMatch(/^disk\.json +[1-9][0-9]* bytes/m);
});

/** What somebody does while a bundle is offered. */
async function offered<T>(
  appliance: Appliance,
  work: (asking: Asking, code: string, said: string) => Promise<T>,
): Promise<T> {
  await using program = appliance.commandBeside(
    appliance.dataDirectory,
    ...["support-bundle", "--offer"],
  );
  const [code] = await program.line(/^[A-Z0-9]{4}(-[A-Z0-9]{4}){3}$/m);
  using asking = new Asking(() => appliance.url);
  const result = await work(asking, code, program.output);
  program.signal("SIGTERM");
  expect(await program.ended()).toBe(0);
  return result;
}

function listOf(bundle: Buffer): Promise<string> {
  return fileOf(bundle, "MANIFEST.txt");
}

async function fileOf(bundle: Buffer, name: string): Promise<string> {
  const unpacking = promisify(execFile)("tar", ["-xzO", `handrail-support/${name}`]);
  unpacking.child.stdin?.end(bundle);
  return (await unpacking).stdout;
}
