import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  closeSync,
  fstatSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
} from "node:fs";
import { get } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { administrator, Appliance } from "../support/appliance.ts";
import { poll } from "../support/poll.ts";
import { Program } from "../support/processes.ts";
import { node, root } from "../support/root.ts";

const main = path.join(root, "appliance/server/main.ts");

let folder: string;
beforeAll(() => void (folder = mkdtempSync(path.join(tmpdir(), "handrail-configuration-"))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function start(env: NodeJS.ProcessEnv): Program {
  const base = { HANDRAIL_ADDRESS: "127.0.0.1", HANDRAIL_PORT: "0" };
  const all = { ...process.env, ...base, HANDRAIL_DATA_DIRECTORY: folder, ...env };
  return new Program(node, { args: [main], env: all });
}

describe("the start of the appliance", () => {
  it("is refused for a wrong value in one sentence with field, value and remedy", async () => {
    await using program = start({ HANDRAIL_SEATS: "many" });
    expect(await program.ended()).toBe(1);
    expect(program.output.trim()).toBe(
      'HANDRAIL_SEATS is "many", which cannot be used: write a whole number from 1 to 100000.',
    );
  });

  it("is refused when the port is taken", async () => {
    await using first = await Appliance.start();
    await using program = start({ HANDRAIL_PORT: String(first.port) });
    expect(await program.ended()).toBe(1);
    expect(program.output).toContain("The appliance cannot start");
    expect(program.output).toContain("EADDRINUSE");
  });

  it("is refused when the data directory cannot be made", async () => {
    await using program = start({ HANDRAIL_DATA_DIRECTORY: "/dev/null/data" });
    expect(await program.ended()).toBe(1);
    expect(program.output).toContain("ENOTDIR");
  });

  it("is refused while another one works on the same data, which goes on", async () => {
    await using first = await Appliance.start();
    const { dataDirectory } = first;
    await using second = start({ HANDRAIL_DATA_DIRECTORY: dataDirectory });
    expect(await second.ended()).toBe(1);
    expect(second.output).toContain(
      `The appliance cannot start: the data directory ${dataDirectory} is in use by another ` +
        `appliance (process ${first.program.pid}): stop that one, or give this one a directory ` +
        "of its own with HANDRAIL_DATA_DIRECTORY.",
    );
    expect((await first.ask("/api/site")).status).toBe(200);
    // The handrail command works beside it.
    expect(await first.command("verify")).toMatch(/^intact/);
  });

  it("is not held up by what a killed one has left", async () => {
    const dataDirectory = mkdtempSync(path.join(folder, "killed-"));
    for (let run = 0; run < 2; run++) {
      await using appliance = await Appliance.start({ dataDirectory });
      appliance.program.signal("SIGKILL");
      await appliance.program.ended();
    }
    await using last = await Appliance.start({ dataDirectory });
    expect((await last.ask("/api/site")).status).toBe(200);
  });

  it("shows the set-up code once, and keeps it in a file of its own until it is used", async () => {
    const dataDirectory = mkdtempSync(path.join(folder, "set-up-"));
    {
      await using appliance = await Appliance.start({ dataDirectory });
      expect(appliance.program.output).toMatch(/"setUpCode":"[A-Z0-9]{4}(-[A-Z0-9]{4}){3}"/);
      expect(statSync(path.join(dataDirectory, "set-up-code")).mode & 0o777).toBe(0o600);
    }
    await using again = await Appliance.start({ dataDirectory });
    expect(again.program.output).not.toContain("setUpCode");
    await again.setUp();
    expect(() => statSync(path.join(dataDirectory, "set-up-code"))).toThrow();
  });

  it("leaves the set-up code out of a journal, which others may read", async () => {
    const dataDirectory = mkdtempSync(path.join(folder, "journal-"));
    const journal = path.join(folder, "journal.txt");
    const output = openSync(journal, "w");
    const { dev, ino } = fstatSync(output);
    const env = {
      ...{ ...process.env, HANDRAIL_DATA_DIRECTORY: dataDirectory, HANDRAIL_PORT: "0" },
      ...{ HANDRAIL_ADDRESS: "127.0.0.1", JOURNAL_STREAM: `${dev}:${ino}` },
    };
    const child = spawn(node, [main], { env, stdio: ["ignore", output, "inherit"] });
    const ended = once(child, "exit");
    await poll("it listens", () => readFileSync(journal, "utf8").includes('"listening"'));
    child.kill("SIGTERM");
    await ended;
    closeSync(output);
    const code = readFileSync(path.join(dataDirectory, "set-up-code"), "utf8").trim();
    expect(readFileSync(journal, "utf8")).toContain("set-up.offered");
    expect(readFileSync(journal, "utf8")).not.toContain(code);
  });

  it("keeps all it holds to itself", async () => {
    await using appliance = await Appliance.start();
    for (const name of ["private-key.pem", "certificate.pem", "handrail.sqlite"]) {
      const { mode } = statSync(path.join(appliance.dataDirectory, name));
      expect(mode & 0o077, name).toBe(0);
    }
  });
});

describe("the end of the appliance", () => {
  it("comes in good order on SIGTERM", async () => {
    await using appliance = await Appliance.start();
    appliance.program.signal("SIGTERM");
    expect(await appliance.program.ended()).toBe(0);
    expect(appliance.program.output).toContain("appliance.stopped");
  });

  it("by kill -9 loses nothing that was acknowledged", async () => {
    const dataDirectory = mkdtempSync(path.join(folder, "kill-"));
    {
      await using appliance = await Appliance.start({ dataDirectory });
      await appliance.setUp();
      appliance.program.signal("SIGKILL");
      await appliance.program.ended();
    }
    await using again = await Appliance.start({ dataDirectory });
    const { name, password } = administrator;
    const answer = await again.ask("/login/api/sign-in", { json: { name, password } });
    expect(answer.status).toBe(200);
    expect(await again.command("verify")).toMatch(/^intact: 2 rows, head [0-9a-f]{64}\n$/);
  });
});

describe("the plain port", () => {
  it("sends visitors to HTTPS, whatever host they asked for", async () => {
    const redirectPort = await freePort();
    const env = { HANDRAIL_REDIRECT_PORT: String(redirectPort) };
    await using appliance = await Appliance.start({ env });
    const location = await poll(
      "the redirect answers",
      () =>
        new Promise<string | undefined>((resolve, reject) => {
          const url = `http://127.0.0.1:${redirectPort}/start?lang=fr`;
          get(url, { headers: { host: "evil.example" } }, (response) => {
            response.resume();
            expect(response.statusCode).toBe(308);
            resolve(response.headers.location);
          }).on("error", reject);
        }),
    );
    expect(location).toBe(`${appliance.url}/start?lang=fr`);
  });
});

async function freePort(): Promise<number> {
  await using appliance = await Appliance.start();
  return appliance.port;
}
