import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import {
  auditActor,
  auditSentence,
  auditTexts,
  endedByText,
  type Told,
} from "../../../../media/login/audit/sentence.ts";
import { fr } from "../../../../media/login/texts-fr.ts";
import { en } from "../../../../media/login/texts.ts";
import { root } from "../../../support/root.ts";

const english = { language: "en", texts: en } as const;
const french = { language: "fr", texts: fr } as const;
function told(event: string, detail: Told["detail"] = {}, who = "Ann Archer"): Told {
  return { event, who, detail };
}

function said(
  event: string,
  detail: Told["detail"] = {},
  teller: typeof english | typeof french = english,
) {
  return auditSentence(told(event, detail), teller);
}

/** The names of events that the appliance writes, as they stand in its sources. */
function writtenEvents(): string[] {
  const server = path.join(root, "appliance/server");
  const sources = readdirSync(server, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => readFileSync(path.join(server, name), "utf8"));
  const patterns = [
    /\bevent: "([a-z-]+\.[a-z-]+)"/g,
    /#(?:note|write)\("([a-z-]+\.[a-z-]+)"/g,
    /const event = [^;]*?"([a-z-]+\.[a-z-]+)"[^;]*?;/g,
  ];
  return sources.flatMap((text) =>
    patterns.flatMap((pattern) => [...text.matchAll(pattern)].map((match) => match[1] ?? "")),
  );
}

describe("a sentence of the audit log", () => {
  it("is there for every event that the appliance writes", () => {
    const events = new Set([...writtenEvents(), "key.expired", "key.cancelled"]);
    expect(events.size).toBeGreaterThan(35);
    const known = Object.keys(auditTexts("en").events);
    expect([...events].filter((event) => !known.includes(event))).toEqual([]);
  });

  it("tells how long things are kept, and what was deleted and why", () => {
    const settings = { retention: '{"recordingDays":30}', retentionBefore: "{}" };
    expect(said("retention.changed", settings)).toBe(
      "Changed how long recordings are kept: recordings 30 d (before: everything for ever)",
    );
    const purged = { what: "snapshots", count: 2, sizeBytes: 2000 };
    const days = { from: "2030-01-01", to: "2030-01-02" };
    expect(said("retention.purged", { ...purged, ...days, keepDays: 30 })).toBe(
      "Deleted the snapshots of sessions that ended from 2030-01-01 to 2030-01-02 " +
        "(number: 2, 2 kB): the site keeps them so many days: 30",
    );
    expect(said("retention.purged", { ...purged, ...days }, french)).toMatch(
      /^A supprimé les instantanés .*: le disque manquait de place$/,
    );
  });

  it("tells fields and notes in the reader's language, and who answered a survey", () => {
    const fields = { fields: "external-key, Cause" };
    expect(said("fields.filled-in", fields)).toBe("Filled in: External key, Cause");
    expect(said("fields.filled-in", fields, french)).toBe("A rempli : Clé externe, Cause");
    expect(said("note.kept", { title: "", sizeBytes: 5, sha256: "ab" })).toMatch(/^Kept a note \(/);
    const answered = told("survey.answered", { answers: 1 }, "Carla");
    expect(auditActor(answered, english)).toBe("Carla (customer)");
    expect(auditActor({ ...answered, whoId: "1" }, english)).toBe("Carla");
  });

  it("says what was run in a shell, where, how it ended, and how long it took if that was long", () => {
    const detail = { command: "make", directory: "/src", exitCode: 2, durationMs: 65_000 };
    const isolate = /[\u2066-\u2069]/g;
    expect(said("shell.command", detail).replace(isolate, "")).toBe(
      "Ran in the shell: make, in /src, exit code 2, 1 min 5 s",
    );
    expect(said("shell.command", { ...detail, durationMs: 30 }, french).replace(isolate, "")).toBe(
      "A exécuté dans le terminal : make, dans /src, code de sortie 2",
    );
  });

  it("says of a copy how large it was and its hash, and why there was none", () => {
    const detail = { format: "text", sizeBytes: 2048, sha256: "ab12" };
    const isolate = /[\u2066-\u2069]/g;
    const placed = said("clipboard-to-customer.placed", detail).replace(isolate, "");
    expect(placed).toMatch(/^Put on the customer’s clipboard: text, 2.*, SHA-256 ab12$/);
    expect(said("clipboard-from-customer.refused", { because: "secret" }, french)).toBe(
      "N’a pas obtenu le presse-papiers du client : un gestionnaire de mots de passe le marque comme secret",
    );
  });

  it("tells the folders that were looked into apart", () => {
    const isolate = /[\u2066-\u2069]/g;
    const listed = (folders: string, count: number, teller?: typeof french) =>
      said("files.listed", { folders, count }, teller).replace(isolate, "");
    expect(listed("/a//a/b", 2)).toBe("Looked into 2 folders: /a, /a/b");
    expect(listed("/a//a/b", 2, french)).toBe("A regardé dans 2 dossiers : /a, /a/b");
    expect(listed("///srv/ann//", 3)).toBe("Looked into 3 folders: /, /srv/ann, /");
    expect(listed("/etc", 1)).toBe("Looked into 1 folder: /etc");
  });

  it("has its details in the reader's language", () => {
    const detail = { queue: "General", queueKind: "general", lifetimeMs: 60_000 };
    expect(said("key.created", detail)).toBe(
      "Created a session key for the general queue, valid for 1 min",
    );
    expect(said("key.created", detail, french)).toBe(
      "A créé une clé de session pour la file générale, valable 1 min",
    );
    expect(said("permission.refused", { permission: "view", because: "no answer" }, french)).toBe(
      "A refusé : Voir l’écran – pas de réponse",
    );
    expect(said("recording.opened")).toBe("Opened the recording");
    expect(said("recording.opened", { shell: 2 })).toBe("Opened the recording of shell 2");
    const again = { address: "::1", code: "password-wrong", times: 37, lastAt: 1e12 };
    expect(said("sign-in.refused-again", again)).toMatch(/^Was refused 37 times more from .*2001/);
    expect(said("sign-in.refused", { address: "::1", code: "password-wrong" })).toBe(
      "Was refused at the sign-in from ::1: wrong name or password",
    );
  });

  it("names queues by their kind", () => {
    const ofKind = (queueKind: string) => said("session.accepted", { queue: "Ann", queueKind });
    expect(ofKind("personal")).toBe("Accepted the session from the queue of Ann");
    expect(ofKind("team")).toBe("Accepted the session from the queue “Ann”");
    expect(said("session.accepted")).toBe("Accepted the session");
  });

  it("leaves out what is not known", () => {
    expect(said("control.taken")).toBe("Took mouse and keyboard");
    expect(said("customer.joined", { computer: "pc" })).toBe("Connected with pc");
    expect(said("recording.started", { controller: "" })).toBe("Recording started");
  });

  it("says what was changed of an account, and of its rules only those that are others now", () => {
    const view = { setting: "allow" };
    const detail = {
      account: "bob",
      displayNameBefore: "Bob",
      displayName: "Robert",
      rulesBefore: JSON.stringify({ view, control: { setting: "allow" } }),
      rules: JSON.stringify({ view, control: { setting: "deny" } }),
    };
    expect(said("account.changed", detail)).toBe(
      "Changed the account bob: name from “Bob” to “Robert”, Mouse and keyboard: Deny",
    );
    expect(said("account.changed", { account: "bob", disabledBefore: false, disabled: true })).toBe(
      "Changed the account bob: disabled",
    );
  });

  it("of an event of another version is its name and details", () => {
    expect(said("moon.landed", { at: 3 })).toBe("moon.landed at=3");
    expect(said("constructor.toString")).toBe("constructor.toString");
  });

  it("keeps somebody's words apart from its own, whatever their direction", () => {
    const sentence = auditSentence(told("team.added", { team: "\u05d0\u05d1" }), english);
    expect(sentence).toBe("Added the team \u2068\u05d0\u05d1\u2069");
  });
});

describe("who did it", () => {
  const actor = (row: Told, people = {}) => auditActor(row, english, people);

  it("is the account's name of today, whatever was written", () => {
    const row = { ...told("sign-in.succeeded", {}, "ann"), whoId: "1" };
    expect(actor(row, { "1": "Ann Archer" })).toBe("Ann Archer");
    expect(actor(row)).toBe("ann");
  });

  it("is a customer for what customers do, whatever they call themselves", () => {
    expect(actor(told("customer.joined", {}, "appliance"))).toBe("appliance (customer)");
    expect(actor(told("permission.granted", {}, "Ann Archer"))).toBe("Ann Archer (customer)");
    expect(actor(told("session.ended", { reason: "customer" }, "customer"))).toBe("The customer");
  });

  it("is no customer because a customer's client has said so of a tool", () => {
    expect(actor(told("file.removed", { path: "/a", reason: "customer" }))).toBe("Ann Archer");
  });

  it("is the appliance or its operator for what they do", () => {
    expect(actor(told("key.expired", {}, "appliance"))).toBe("The appliance");
    expect(auditActor(told("key.expired", {}, "appliance"), french)).toBe("Le serveur");
    expect(actor(told("console-credential.made", {}, "operator"))).toBe("The appliance’s operator");
    expect(actor(told("session.accepted", {}, "operator"))).toBe("operator");
  });
});

describe("how a session ended", () => {
  const carla = { name: "Carla" };
  it.each([
    [{ end: { reason: "customer", by: "" }, customer: carla }, "Ended by the customer Carla"],
    [{ end: { reason: "customer", by: "" }, customer: { name: "" } }, "Ended by the customer"],
    [{ end: { reason: "representative", by: "Ann" }, customer: carla }, "Ended by Ann"],
    [
      { end: { reason: "closed", by: "" }, customer: carla },
      "Ended by the appliance: nobody had come",
    ],
    [{ customer: carla }, ""],
  ] as const)("%j is said as “%s”", (session, text) => {
    expect(endedByText(session, "en")).toBe(text);
  });
});
