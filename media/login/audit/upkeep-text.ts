import type { Language } from "../language.tsx";
import { readJson, timeOfDay, weekdayName } from "./schedule-text.ts";

/** What the appliance does by itself, in the words of a language. */
const en = {
  daily: "looks for releases daily",
  notDaily: "does not look for releases by itself",
  installs: "installs them by itself",
  restarts: "restarts the machine where needed",
  nothing: "restarts nothing by itself",
  window: (days: string, from: string, to: string) => `${days} from ${from} to ${to}`,
};
const fr: typeof en = {
  daily: "cherche des versions chaque jour",
  notDaily: "ne cherche pas de versions automatiquement",
  installs: "les installe automatiquement",
  restarts: "redémarre la machine si nécessaire",
  nothing: "ne redémarre rien automatiquement",
  window: (days, from, to) => `${days} de ${from} à ${to}`,
};

/** What happens by itself, as a row of the audit log has it; as it stands where it cannot be read. */
export function upkeepText(json: string, language: Language): string {
  const words = language === "fr" ? fr : en;
  const upkeep = readJson(json);
  const { days, fromMinute, toMinute } = readJson(JSON.stringify(upkeep.window ?? null));
  if (!Array.isArray(days)) return json;
  const acts = [
    ...(upkeep.installs === "in-window" ? [words.installs] : []),
    ...(upkeep.restarts === "in-window" ? [words.restarts] : []),
  ];
  const names = days.map((day) => weekdayName(Number(day), language)).join(", ");
  const window = words.window(names, timeOfDay(Number(fromMinute)), timeOfDay(Number(toMinute)));
  return [
    upkeep.looksDaily === true ? words.daily : words.notDaily,
    ...(acts.length === 0 ? [words.nothing] : [...acts, window]),
  ].join(", ");
}
