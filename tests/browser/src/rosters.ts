/** Rosters for the tests, each as small as what it shows. */

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const SHARED = process.env.SHARED ?? fileURLToPath(new URL("../../../../shared", import.meta.url));

const COLUMNS = [
  "Email",
  "StudentFirstName",
  "StudentLastName",
  "Address1StreetAddress1",
  "Address1City",
  "Address1Zip",
  "Address1Country",
  "ParentEmail",
  "ParentFirstName",
  "ParentLastName",
  "ClientType",
  "StudentType",
  "PSOId",
  "CanContact",
  "CanContactSchools",
  "CanContactSurveys",
] as const;

type Row = Partial<Record<(typeof COLUMNS)[number], string>>;

export interface Roster {
  name: string;
  mimeType: string;
  buffer: Buffer;
}

/** A retail roster of these rows; what a row does not say is right. */
export function roster(name: string, rows: Row[], { without = [] as string[] } = {}): Roster {
  const columns = COLUMNS.filter((column) => !without.includes(column));
  const lines = rows.map((row, index) =>
    columns.map((column) => quoted({ ...person(index), ...row }[column])),
  );
  return csv(name, [columns.join(","), ...lines.map((cells) => cells.join(","))].join("\r\n") + "\r\n");
}

/** A workbook of students, instructors and parents, with a wrong address on the last sheet, and notes. */
export function sheets(): Roster {
  const path = new URL("../../fixtures/files/learners.xlsx", import.meta.url);
  const mimeType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
  return { name: "learners.xlsx", mimeType, buffer: readFileSync(path) };
}

export function csv(name: string, text: string): Roster {
  return { name, mimeType: "text/csv", buffer: Buffer.from(text) };
}

/** A roster of people whom no other test knows: three good rows, one repeated, two with errors. */
export function mixed(tag: string): Roster {
  const ann = {
    Email: `ann@${tag}.example.com`,
    StudentFirstName: "Ann",
    StudentLastName: "Lee",
    Address1StreetAddress1: "1 Hill Road",
  };
  return roster(`${tag}.csv`, [
    ann,
    {
      Email: `bo@${tag}.example.com`,
      StudentFirstName: "Bo",
      ParentEmail: `pia@${tag}.example.com`,
      ParentFirstName: "Pia",
      ParentLastName: "Berg",
      PSOId: "111111",
    },
    { Email: "", StudentFirstName: "Cy", StudentLastName: tag },
    ann,
    { Email: "no-at-sign", StudentFirstName: "Di" },
    { Email: `ed@${tag}.example.com`, StudentFirstName: "Ed", ClientType: "student" },
  ]);
}

/** A roster as it comes in life, to be looked at: 120 rows of which some have a fault of each kind. */
export function varied(tag: string): Roster {
  const first = ["Amara", "Björk", "Chen", "Dolores", "Emeka", "Fatima", "Grace", "Hiro", "Ingrid", "José"];
  const last = ["Okafor", "Lindqvist", "D’Angelo", "Håkansson", "Núñez", "St. James", "Moore", "Tanaka"];
  const rows = Array.from({ length: 120 }, (_, index): Row => {
    const name = { given: first[index % first.length]!, family: last[index % last.length]! };
    const address = `${name.given}.${name.family}.${index}`.toLowerCase().replace(/[^a-z.0-9]/g, "");
    return {
      Email: index % 23 === 7 ? address : index % 5 === 3 ? "" : `${address}@${tag}.example.com`,
      StudentFirstName: name.given,
      StudentLastName: index % 41 === 12 ? "" : name.family,
      ...(index % 3 === 0 && {
        ParentEmail: `parent.${index}@${tag}.example.com`,
        ParentFirstName: "Kim",
        ParentLastName: name.family,
      }),
      ClientType: index % 31 === 4 ? "Pupil" : "Student",
      StudentType: index % 37 === 9 ? "high school student" : "High school student",
      PSOId: index % 2 === 0 ? "111111" : "",
      CanContact: index % 43 === 20 ? "Yes" : "TRUE",
    };
  });
  return roster(`${tag}.csv`, [...rows, ...rows.slice(0, 6)]);
}

/** People with so many characters beside each that nobody asked for: a large file of few rows. */
export function padded(tag: string, rows: number, characters: number): Roster {
  const people = Array.from({ length: rows }, (_, index): Row => ({
    Email: `number.${index}@${tag}.example.com`,
  }));
  const [header = "", ...lines] = roster(tag, people).buffer.toString().trimEnd().split("\r\n");
  const padding = "x".repeat(characters);
  return csv(`${tag}.csv`, [`${header},Notes`, ...lines.map((line) => `${line},${padding}`)].join("\r\n"));
}

/** The same under headers of another system: one is unknown, one is known by its values, and two are for one. */
export function unfamiliar(tag: string): Roster {
  const [header = "", ...lines] = varied(tag).buffer.toString().split("\r\n");
  const headers = header
    .replace("Email,", "Contact,")
    .replace("StudentFirstName", "Rufname")
    .replace("Address1City", "Town")
    .replace("ParentFirstName", "Parent_first_name");
  const rows = lines.map((line) => (line ? `${line},${line.length}-Smith Street` : line));
  return csv(`${tag}.csv`, [`${headers},Street`, ...rows].join("\r\n"));
}

/**
 * So many rows of the larger roster of the shared folder, and how many of them have faults; where there is no such
 * folder, made-up rows of which every fiftieth has a fault. All of the roster goes through the stack in the tests that
 * need no browser.
 */
export function retail(rows: number): { file: Roster; faults: number } {
  const path = join(SHARED, "data/retail-10k.csv");
  if (!existsSync(path)) return madeUp(rows);
  const lines = readFileSync(path, "utf8").split("\n");
  const { faults } = JSON.parse(readFileSync(`${path}.truth.json`, "utf8")) as { faults: { row: number }[] };
  // The header is row 1.
  const faulty = faults.map(({ row }) => row).filter((row) => row <= rows + 1);
  return { file: csv("retail.csv", lines.slice(0, rows + 1).join("\n")), faults: new Set(faulty).size };
}

function madeUp(rows: number): { file: Roster; faults: number } {
  const people = Array.from({ length: rows }, (_, index): Row => ({
    Email: index % 50 === 0 ? "no-at-sign" : `number.${index}@example.com`,
  }));
  return { file: roster("retail.csv", people), faults: Math.ceil(rows / 50) };
}

function person(index: number): Row {
  return {
    StudentFirstName: "Ada",
    StudentLastName: `Number${index}`,
    Address1StreetAddress1: `${index} Hill Road`,
    Address1City: "Denver",
    Address1Zip: "80202",
    Address1Country: "United States",
    ClientType: "Student",
    StudentType: "High school student",
    CanContact: "TRUE",
    CanContactSchools: "FALSE",
    CanContactSurveys: "FALSE",
  };
}

function quoted(cell = ""): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
