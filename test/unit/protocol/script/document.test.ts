import {
  checkScript,
  isAdvice,
  newScript,
  readScript,
  renameScript,
  type ScriptFaultCode,
} from "@handrail/protocol";
import { describe, expect, it } from "vitest";

const whole = `---
# a remark
name: Free disk space
description: "Says \\"how much\\": # is left"
platforms: [linux, macos]
categories: Disks, Cleaning
teams: ["First, line"]
needs: [shell]
---
#!/bin/bash
df -h
`;

/** What is wrong, without what is mere advice. */
function faults(document: string): string[] {
  return checkScript(document)
    .faults.filter((fault) => !isAdvice(fault))
    .map(({ code, line, subject }) => [code, line, subject].join(" ").trim());
}

describe("a document", () => {
  it("says what its script is, and where it begins", () => {
    const { faults: found, ...script } = checkScript(
      whole.replace('["First, line"]', "[First line]"),
    );
    expect(script).toEqual({
      name: "Free disk space",
      description: 'Says "how much": # is left',
      platforms: ["linux", "macos"],
      categories: ["Disks", "Cleaning"],
      teams: ["First line"],
      needs: ["shell"],
      text: "#!/bin/bash\ndf -h\n",
      textLine: 9,
    });
    expect(found).toEqual([]);
  });

  it("is read the same with the line ends of Windows", () => {
    expect(readScript(whole.replaceAll("\n", "\r\n")).text).toBe("#!/bin/bash\ndf -h\n");
  });

  it("may have spaces around a value, and many", () => {
    const spaced = whole.replace(
      "platforms: [linux, macos]",
      `platforms:   beos${" ".repeat(1000)}`,
    );
    const [fault] = checkScript(spaced).faults.filter(({ line }) => line === 4);
    expect(fault).toMatchObject({ subject: "beos", start: 13, end: 17 });
  });

  it("keeps everything but its name when it is renamed", () => {
    const renamed = renameScript(whole, 'My "new" name');
    expect(readScript(renamed).name).toBe('My "new" name');
    expect(renamed.replace(/^name: .*$/m, "")).toBe(whole.replace(/^name: .*$/m, ""));
  });

  it("that is new lacks nothing, whatever stands in it", () => {
    const document = newScript("x: [y]", { description: "[Not] yet", category: "Général" });
    expect(checkScript(document).faults).toEqual([]);
    const { name, description, categories } = readScript(document);
    const expected = { name: "x: [y]", description: "[Not] yet", categories: ["Général"] };
    expect({ name, description, categories }).toEqual(expected);
  });
});

describe("what is wrong is said with its place", () => {
  const cases: [string, string, string[]][] = [
    ["no head", "#!/bin/sh\ntrue\n", ["no-head 0"]],
    ["a head without an end", "---\nname: a\n#!/bin/sh\n", ["head-open 0"]],
    ["no name", "---\ndescription: a\n---\n#!/bin/sh\n", ["missing-name 0"]],
    ["a name that is a path", "---\nname: ../a\n---\n#!/bin/sh\n", ["bad-name 1 ../a"]],
    ["a name that hides", "---\nname: .a\n---\n#!/bin/sh\n", ["bad-name 1 .a"]],
    ["a field twice", "---\nname: a\nname: b\n---\n#!/bin/sh\n", ["doubled-field 2 name"]],
    ["a strange field", "---\nname: a\nroot: yes\n---\n#!/bin/sh\n", ["unknown-field 2 root"]],
    ["a line that is none", "---\nname: a\nhello\n---\n#!/bin/sh\n", ["bad-line 2 hello"]],
    [
      "what nobody knows",
      "---\nname: a\nplatforms: [linux, amiga]\nneeds: [magic]\n---\n#!/bin/sh\n",
      ["unknown-platform 2 amiga", "unknown-permission 3 magic"],
    ],
    ["no script", "---\nname: a\n---\n\n", ["no-script 2"]],
    [
      "a macro that does not exist",
      '---\nname: a\n---\n#!/bin/sh\necho "${session.customer.nam}" ${HOME}\n',
      ["unknown-macro 4 session.customer.nam"],
    ],
    [
      "a macro where no shell reads it",
      "---\nname: a\n---\n#!/usr/bin/env python3\nprint('${session.lsid}')\n",
      ["macro-elsewhere 4 /usr/bin/env"],
    ],
  ];
  it.each(cases)("%s", (_, document, expected) => {
    expect(faults(document)).toEqual(expected);
  });

  it("down to the columns", () => {
    const { faults: found } = readScript("---\nname: a\nneeds: [shell, magic]\n---\n#!/bin/sh\n");
    expect(found.find(({ code }) => code === "unknown-permission")).toMatchObject({
      line: 2,
      start: 15,
      end: 20,
    });
  });
});

describe("advice", () => {
  const advice = (text: string, platforms = "linux"): ScriptFaultCode[] =>
    checkScript(
      `---\nname: a\ndescription: b\nplatforms: [${platforms}]\ncategories: [c]\n---\n${text}`,
    ).faults.map(({ code }) => code);

  it("asks for what is missing", () => {
    expect(checkScript("---\nname: a\n---\ntrue\n").faults.map(({ code }) => code)).toEqual([
      ...["missing-description", "missing-platforms", "missing-categories", "no-interpreter"],
    ]);
  });

  it("says when an interpreter is not to be had on a platform", () => {
    expect(advice("#!/bin/bash\n", "linux, windows")).toEqual(["wrong-platform"]);
  });

  it("says how a macro stands in quotes", () => {
    expect(advice('#!/bin/sh\necho "${session.lsid}"\n')).toEqual([]);
    expect(advice("#!/bin/sh\necho ${session.lsid}\n")).toEqual(["macro-unquoted"]);
    expect(advice("#!/bin/sh\necho '${session.lsid}'\n")).toEqual(["macro-single-quoted"]);
    expect(advice("#!/bin/sh\n# of ${session.lsid}\n")).toEqual([]);
    expect(advice('#!/bin/sh\necho "it\'s ${session.lsid}"\n')).toEqual([]);
  });
});
