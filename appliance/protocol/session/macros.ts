import type { SessionView } from "./state.ts";

/**
 * What may stand for a fact of the session, as `${session.customer.name}`, in texts that are written
 * before the session is known. One table for whatever is written so, and for those who check it.
 */
export const macroNames = [
  "session.lsid",
  "session.queue",
  "session.customer.name",
  "session.customer.computer",
  "session.customer.platform",
  "session.customer.issue",
  "session.representative.name",
  "site.name",
] as const;
/** One of them. */
export type MacroName = (typeof macroNames)[number];
/** What each stands for in one session. */
export type MacroValues = Readonly<Record<MacroName, string>>;

const macro = /\$\{([^{}\n]*)\}/gu;

/** Whether there is a macro of that name. */
export function isMacroName(name: string): name is MacroName {
  return (macroNames as readonly string[]).includes(name);
}

/** The names in a text that no macro has, each once. */
export function unknownMacros(text: string): string[] {
  const names = [...text.matchAll(macro)].map(([, name = ""]) => name);
  return [...new Set(names)].filter((name) => !isMacroName(name));
}

/**
 * Puts the facts in. Values are put in as they are and not looked at again: a customer who is called
 * like a macro stays so. What is no macro stays as it is.
 */
export function expandMacros(text: string, values: MacroValues): string {
  return text.replace(macro, (written, name: string) =>
    isMacroName(name) ? values[name] : written,
  );
}

/** What the macros stand for in a session, as one representative sees it. */
export function macroValues(
  { lsid, queue, customer }: Pick<SessionView, "lsid" | "queue" | "customer">,
  around: { readonly representative: string; readonly site: string },
): MacroValues {
  return {
    "session.lsid": lsid,
    "session.queue": queue.name,
    "session.customer.name": customer.name,
    "session.customer.computer": customer.computer,
    "session.customer.platform": customer.platform,
    "session.customer.issue": customer.issue,
    "session.representative.name": around.representative,
    "site.name": around.site,
  };
}
