/** Which values of a person may be edited by hand, and how they are written. */

import type { Person } from "../api/client";
import { FIRST, shown } from "./person";

/** A value that the person's program has a column for. The server judges what is entered by the rules of the column. */
export interface EditableValue {
  attribute: string;
  /** Of Table Schema. */
  type: string;
  required: boolean;
  /** The cells that may stand there, where they are listed. */
  choices?: string[];
  /** Whether others may, too. */
  open: boolean;
}

/** What may be edited of people of a program: what people are known by and written to at comes first. */
export async function editableValues(program: string): Promise<EditableValue[]> {
  const { default: values } = await import("virtual:values");
  const place = ({ attribute }: EditableValue) => FIRST.indexOf(attribute) + 1 || FIRST.length + 1;
  return (values[program] ?? []).toSorted((a, b) => place(a) - place(b));
}

/** What is stored, as a cell of the roster has it. */
export function cell({ choices }: EditableValue, stored: unknown): string {
  if (stored === undefined || stored === null) return "";
  if (typeof stored !== "boolean") return String(stored);
  return choices?.[stored ? 0 : 1] ?? "";
}

/** A choice as a person says it. */
export function choiceName({ type, choices }: EditableValue, choice: string): string {
  return type === "boolean" ? shown(choice === choices?.[0]) : choice;
}

/** What was entered and is not what is stored, as the API takes it; `null` empties a value. */
export function changes(
  values: EditableValue[],
  entered: Record<string, string>,
  { attributes }: Person,
): Record<string, string | null> {
  const differs = values.filter(
    (value) =>
      value.attribute in entered &&
      entered[value.attribute]!.trim() !== cell(value, attributes[value.attribute]),
  );
  return Object.fromEntries(differs.map(({ attribute }) => [attribute, entered[attribute]!.trim() || null]));
}

/** The values that are others than in an earlier version of the person. */
export function changedSince({ attributes: before }: Person, { attributes: after }: Person): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
}
