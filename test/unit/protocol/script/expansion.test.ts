import { execFileSync, type StdioOptions } from "node:child_process";
import {
  expandScript,
  interpreterOf,
  macroNames,
  macroVariables,
  type MacroName,
  type MacroValues,
  variableOf,
} from "@handrail/protocol";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

const values = (name: string): MacroValues =>
  // Every name gets the one value.
  Object.fromEntries(macroNames.map((each) => [each, name])) as Record<MacroName, string>;

function run(shell: string, text: string, name: string): string {
  const env = { PATH: "/usr/bin:/bin", LC_ALL: "C.UTF-8", ...macroVariables(values(name)) };
  // With a socket to read from, bash would read its start-up files.
  const stdio: StdioOptions = ["ignore", "pipe", "pipe"];
  const options = { env, encoding: "utf8", cwd: "/", stdio } as const;
  return execFileSync(shell, ["-c", expandScript(text)], options);
}

/** What somebody would call themselves who means ill, or has an odd name. */
const names = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 60 }),
  fc.string({
    unit: fc.constantFrom(...["'", '"', "`", "$", "(", ")", ";", "|", "&", "<", ">", "\n", "\r"]),
    maxLength: 40,
  }),
  fc.constantFrom(
    ...["$(touch /tmp/owned)", "`id`", "'; exit 3; '", '"; exit 3; "', "${session.lsid}"],
    ...["* /etc/pass?d ~", "a\nb\n", "-n", "\\", "\\'", "${IFS}", "$HANDRAIL_SITE_NAME", "%s%n"],
  ),
);

describe.each(["/bin/sh", "/bin/bash"])("in %s", (shell) => {
  it("a macro in double quotes is what the customer is called, whatever that is", () => {
    const text = `#!${shell}\nprintf '[%s]' "\${session.customer.name}" "x\${session.customer.name}x"`;
    const property = (name: string) => {
      // No variable holds a NUL; half a letter becomes what stands for it in UTF-8.
      const shown = name.replaceAll("\0", "").toWellFormed();
      expect(run(shell, text, name)).toBe(`[${shown}][x${shown}x]`);
    };
    fc.assert(fc.property(names, property), { numRuns: 150 });
  });

  it("a macro is never a part of the program, wherever it stands", () => {
    const places = [
      ...["echo @ >/dev/null", "echo '@' >/dev/null", 'echo "@" >/dev/null', "x=@", "# @"],
      ...["cat >/dev/null <<END\n@\nEND", "case @ in x) ;; esac", "echo $(echo @) >/dev/null"],
    ];
    const property = (name: string, place: string) => {
      const text = `#!${shell}\n${place.replace("@", "${session.issue}")}\nprintf done`;
      expect(run(shell, text.replace("issue", "customer.issue"), name)).toBe("done");
    };
    fc.assert(fc.property(names, fc.constantFrom(...places), property), { numRuns: 150 });
  });
});

describe("expansion", () => {
  it("gives the same program for every session", () => {
    expect(expandScript('#!/bin/sh\necho "${session.customer.name} ${HOME} ${x.y}"')).toBe(
      '#!/bin/sh\necho "${HANDRAIL_SESSION_CUSTOMER_NAME} ${HOME} ${x.y}"',
    );
  });

  it("has a variable for each macro, and no two alike", () => {
    const variables = macroNames.map(variableOf);
    expect(new Set(variables).size).toBe(macroNames.length);
    for (const variable of variables) expect(variable).toMatch(/^HANDRAIL_[A-Z_]+$/);
  });

  it("leaves what no shell reads as it is", () => {
    const text = "#!/usr/bin/env python3\nprint('${session.lsid}')\n";
    expect(expandScript(text)).toBe(text);
  });
});

describe("the interpreter", () => {
  const cases: [string, string, string[], boolean][] = [
    ["#!/bin/bash\n", "/bin/bash", [], true],
    ["#! /bin/sh -eu \n", "/bin/sh", ["-eu"], true],
    ["#!/usr/bin/env bash\n", "/usr/bin/env", ["bash"], true],
    ["#!/usr/bin/env -S LANG=C zsh -f\n", "/usr/bin/env", ["-S LANG=C zsh -f"], true],
    ["#!/usr/bin/env python3", "/usr/bin/env", ["python3"], false],
    ["#!/usr/bin/perl -w\n", "/usr/bin/perl", ["-w"], false],
    ["true\n", "/bin/sh", [], true],
    ["#!bash\n", "/bin/sh", [], true],
    ["", "/bin/sh", [], true],
  ];
  it.each(cases)("of %j", (text, program, args, isShell) => {
    expect(interpreterOf(text)).toEqual({ program, args, isShell });
  });
});
