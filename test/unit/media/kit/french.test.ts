import { expect, it } from "vitest";
import { counted, countedEn, ofName } from "../../../../media/kit/french.ts";

it.each([
  ["Ann", "d’Ann"],
  ["Élodie", "d’Élodie"],
  ["Yves", "d’Yves"],
  ["Yann", "de Yann"],
  ["Bob", "de Bob"],
  ["Hugo", "de Hugo"],
  ["", "de "],
])("of %s is %s", (name, of) => {
  expect(ofName(name)).toBe(of);
});

it("none and one are singular in French, one alone is in English", () => {
  const french = ["0", "1", "2"].map((count) => counted(count, "fichier", "fichiers"));
  expect(french).toEqual(["0 fichier", "1 fichier", "2 fichiers"]);
  const english = ["0", "1", "2"].map((count) => countedEn(count, "file", "files"));
  expect(english).toEqual(["0 files", "1 file", "2 files"]);
});
