import type { SessionEvent } from "@handrail/protocol";
import { describe, expect, it } from "vitest";
import { eventText, whoText } from "../../../../media/pane/event-texts.ts";

function event(name: string, who: string, detail: SessionEvent["detail"] = {}): SessionEvent {
  return { seq: 1, at: 0, event: name, who, detail };
}

const text = (happening: SessionEvent, language: "en" | "fr" = "en") =>
  eventText(happening, language, (name) => name);

describe("an event", () => {
  it("names the general queue by its kind, in the reader's language", () => {
    const detail = { queue: "General", queueKind: "general" };
    const transferred = event("session.transferred", "Ann", detail);
    expect(text(transferred)).toBe("Session transferred → General queue");
    expect(text(transferred, "fr")).toBe("Session transférée → File générale");
  });

  it("names the command line that was run", () => {
    const ran = event("shell.command", "Ann", { command: "ls -l", exitCode: 0 });
    expect(text(ran)).toBe("Command run: ls -l");
    expect(text(ran, "fr")).toBe("Commande exécutée : ls -l");
  });

  it("names the file or folder that was read or changed", () => {
    const saved = event("file.saved", "Ann", { path: "/srv/sam/my letter.txt", sizeBytes: 3 });
    expect(text(saved)).toBe("File saved: my letter.txt");
    expect(text(saved, "fr")).toBe("Fichier enregistré : my letter.txt");
    const renamed = { path: "/srv/sam/a.txt", to: "/srv/sam/b.txt" };
    expect(text(event("file.renamed", "Ann", renamed))).toBe("Renamed: a.txt → b.txt");
    const moved = { path: "/srv/sam/a.txt", to: "/srv/sam/old/a.txt" };
    expect(text(event("file.renamed", "Ann", moved))).toBe("Renamed: a.txt");
    expect(text(event("files.saved", "Ann", { folder: "/srv/sam/photos/" }))).toContain(": photos");
    expect(text(event("files.listed", "Ann", { path: "/" }))).toBe("Looked into folders: /");
    expect(text(event("download.opened", "Ann"))).toBe("Download opened");
    const given = { name: "log.txt", sha256: "00" };
    expect(text(event("chat-file.given", "Ann", given))).toBe(
      "File got from the customer: log.txt",
    );
  });

  it("names a team's queue as the site does", () => {
    const detail = { queue: "General", queueKind: "team" };
    expect(text(event("session.transferred", "Ann", detail), "fr")).toMatch(/ → General$/);
  });

  it("tells silence from a no", () => {
    const refused = (because: string) =>
      event("permission.refused", "Zoé", { permission: "view", because });
    expect(text(refused("no"))).toBe("Refused: view");
    expect(text(refused("no answer"))).toBe("Did not answer: view");
    expect(text(refused("no answer"), "fr")).toBe("N’a pas répondu : view");
    expect(text(refused("customer away"))).toBe("Was not connected, could not answer: view");
  });

  it("names nobody twice", () => {
    const detail = { queue: "Ann", queueKind: "personal" };
    expect(text(event("key.created", "Ann", detail))).toBe("Session key created");
    expect(text(event("session.transferred", "Bob", detail))).toContain(" → Ann");
    expect(text(event("session.left", "Ann", { representative: "Ann" }))).toBe("Left the session");
  });

  it("says whom it befell where somebody else brought it about", () => {
    const left = event("session.left", "appliance", { representative: "Ann" });
    expect(text(left)).toBe("Left the session (Ann)");
  });

  it("has words in each language for those without a name", () => {
    expect(whoText(event("session.ended", "customer"), "fr")).toBe("Client");
    expect(whoText(event("session.ended", "appliance"), "fr")).toBe("Serveur");
    expect(whoText(event("session.ended", "Zoé"), "fr")).toBe("Zoé");
  });
});
