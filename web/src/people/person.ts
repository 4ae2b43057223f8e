/** What a person's values are called and how they are shown. */

import type { ImportName } from "../api/client";
import type { Value } from "../api/dry-run";
import { listing } from "../format";
import { words } from "../words";

export type Attributes = Record<string, unknown>;

/** `firstName` as a person says it; what has no name of its own is called as its column. */
export function attributeName(attribute: string): string {
  const [, column] = /^profile\.(.+)/.exec(attribute) ?? [];
  if (column) return column;
  const known = words.attributes[attribute];
  if (known) return known;
  const spoken = attribute.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return spoken.charAt(0).toUpperCase() + spoken.slice(1);
}

export function shown(value: unknown): string {
  if (value === undefined || value === null || value === "") return words.blank;
  if (typeof value === "boolean") return value ? words.yes : words.no;
  return Array.isArray(value) ? listing(value.map(String)) : String(value as Value);
}

/** First and last name, or what else the person is known by. */
export function personName({ firstName, lastName, email, username, externalId }: Attributes): string {
  const name = [firstName, lastName].filter(Boolean).join(" ");
  return name || String(email ?? username ?? externalId ?? words.nameless);
}

/** What an import is called: by its file. */
export function importName({ file, undoes }: ImportName): string {
  return undoes ? words.undo.of(file) : file;
}

/** What a person is looked for by and written to at comes first; the rest as it is stored. */
export const FIRST = [
  "firstName",
  "lastName",
  "preferredName",
  "email",
  "username",
  "externalId",
  "phone",
  "birthDate",
  "street1",
  "street2",
  "postalCode",
  "city",
  "state",
  "country",
];

export function inOrder(attributes: Attributes): [string, unknown][] {
  const first = FIRST.filter((name) => name in attributes);
  const rest = Object.keys(attributes).filter((name) => !FIRST.includes(name));
  return [...first, ...rest].map((name) => [name, attributes[name]]);
}
