/** In which language the page is: the one that was chosen, else the first of the browser's that there is. */

/** Each by its own name. */
export const LANGUAGES = { en: "English", de: "Deutsch" } as const;

export type Language = keyof typeof LANGUAGES;

const KEY = "rollcall.language";

let current = $state<Language>(known(localStorage.getItem(KEY) ?? "") ?? preferred());

export function language(): Language {
  return current;
}

/** Changes the language, in this browser for good. */
export function chooseLanguage(chosen: Language): void {
  current = chosen;
  localStorage.setItem(KEY, chosen);
}

/** Speaks as the page around does, if it is a language that there is, and remembers nothing. */
export function speak(tag: string): void {
  current = known(tag) ?? preferred();
}

/** How numbers and dates are written: as the browser's own variety of the language has it. */
export function locale(): string {
  return navigator.languages.find((tag) => known(tag) === current) ?? current;
}

function preferred(): Language {
  return navigator.languages.map(known).find((language) => language !== undefined) ?? "en";
}

/** `de-AT` is German. */
function known(tag: string): Language | undefined {
  const [primary = ""] = tag.toLowerCase().split("-");
  return Object.hasOwn(LANGUAGES, primary) ? (primary as Language) : undefined;
}
