import { NativeSelect } from "@mantine/core";
import { createContext, type ReactNode, use, useEffect, useMemo, useState } from "react";
import { fr } from "./texts-fr.ts";
import { en, type Texts } from "./texts.ts";

/** The languages of the administration, by what each calls itself. */
const languages = { en: "English", fr: "Français" } as const;
/** A language of the administration. */
export type Language = keyof typeof languages;

interface Choice {
  readonly language: Language;
  readonly texts: Texts;
  readonly choose: (language: Language) => void;
}

const storageKey = "handrail.language";
const Languages = createContext<Choice>({ language: "en", texts: en, choose: () => undefined });

/** Gives what is inside the language that was chosen here before, else that of the browser. */
export function LanguageProvider({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useState(firstLanguage);
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  const choice = useMemo<Choice>(
    () => ({
      language,
      texts: language === "fr" ? fr : en,
      choose: (chosen) => {
        localStorage.setItem(storageKey, chosen);
        setLanguage(chosen);
      },
    }),
    [language],
  );
  return <Languages value={choice}>{children}</Languages>;
}

/** The language of the page. */
export function useLanguage(): Language {
  return use(Languages).language;
}

/** The texts of the page. */
export function useTexts(): Texts {
  return use(Languages).texts;
}

/** The menu of languages. */
export function LanguageMenu() {
  const { language, texts, choose } = use(Languages);
  return (
    <NativeSelect
      aria-label={texts.language}
      size="sm"
      miw={116}
      value={language}
      data={Object.entries(languages).map(([value, label]) => ({ value, label }))}
      onChange={({ currentTarget }) => {
        if (isLanguage(currentTarget.value)) choose(currentTarget.value);
      }}
    />
  );
}

/** Whether that is a language we have. */
function isLanguage(value: unknown): value is Language {
  return typeof value === "string" && Object.hasOwn(languages, value);
}

/** The one chosen before, else the first of the browser that we have. */
function firstLanguage(): Language {
  const chosen = localStorage.getItem(storageKey);
  if (isLanguage(chosen)) return chosen;
  return navigator.languages.map((tag) => tag.slice(0, 2)).find(isLanguage) ?? "en";
}
