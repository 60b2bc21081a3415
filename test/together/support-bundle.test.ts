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

/** What somebody does while a bundle is offered. */
async function offered<T>(
  appliance: Appliance,
  work: (asking: Asking, code: string) => Promise<T>,
): Promise<T> {
  await using program = appliance.commandBeside(
    appliance.dataDirectory,
    ...["support-bundle", "--offer"],
  );
  const [code] = await program.line(/^[A-Z0-9]{4}(-[A-Z0-9]{4}){3}$/m);
  using asking = new Asking(() => appliance.url);
  const result = await work(asking, code);
  program.signal("SIGTERM");
  expect(await program.ended()).toBe(0);
  return result;
}

async function listOf(bundle: Buffer): Promise<string> {
  const unpacking = promisify(execFile)("tar", ["-xzO", "handrail-support/MANIFEST.txt"]);
  unpacking.child.stdin?.end(bundle);
  return (await unpacking).stdout;
}
