/** The words of the page, in the reader's language. */

import { type Language, language } from "./language.svelte";
import { de } from "./words/de";
import { type Words, en } from "./words/en";

const LANGUAGES: Record<Language, Words> = { en, de };

/** Looked up at each use, so that what shows them changes with the language. */
export const words: Words = new Proxy(en, {
  get: (_, part) => Reflect.get(LANGUAGES[language()], part) as unknown,
});

const TIES = ["enrolment", "link", "instructor-link", "primary-teacher", "grant"];
const UNITS = ["school", "class"];

/** Whether a kind is what ties people to offerings, to classes or to each other. */
export function isTie(kind: string): boolean {
  return TIES.includes(kind);
}

/** Whether a kind is people. */
export function isPeople(kind: string): boolean {
  return !isTie(kind) && !UNITS.includes(kind);
}

/** `lost-leading-zero` as a person says it. */
export function ruleName(rule: string): string {
  const name = rule.replaceAll("-", " ");
  return name.charAt(0).toUpperCase() + name.slice(1);
}
