/** Files of every size and kind that is not one sheet or comma-separated text in UTF-8. */

import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { crc32, deflateRawSync } from "node:zlib";

import { type Roster, csv, mixed } from "./rosters.ts";
import { expect, test } from "./rollcall.ts";

const kinds: [string, (text: string) => Buffer, string][] = [
  ["people.tsv", (text) => Buffer.from(text.replaceAll(",", "\t")), "UTF-8, cells separated by tabs"],
  ["people.txt", (text) => Buffer.from(text.replaceAll(",", "|")), "UTF-8, cells separated by pipes"],
  [
    "people.csv",
    (text) => Buffer.from(`\uFEFF${text.replaceAll(",", ";")}`, "utf16le"),
    "UTF-16 LE, cells separated by semicolons",
  ],
];

for (const [name, made, read] of kinds)
  test(`${name} in ${read} is what it is with commas`, async ({ page, rollcall }) => {
    await rollcall.open();
    const text = mixed("kinds").buffer.toString();
    await rollcall.choose({ name, mimeType: "", buffer: made(text) });
    await expect(rollcall.figure("rows")).toHaveText("6");
    await expect(rollcall.figure("errors")).toHaveText("2");
    await expect(rollcall.figure("warnings")).toHaveText("1");
    await expect(page.getByText(read)).toBeVisible();
  });

test("a workbook that would unpack to hundreds of megabytes is refused, and the page goes on", async ({
  page,
  rollcall,
}) => {
  await rollcall.open();
  await rollcall.drop(bomb());
  await expect(page.getByRole("heading", { name: "This file cannot be imported as it is" })).toBeVisible();
  await expect(page.getByText(/100 times its own size when it is unpacked/).first()).toBeVisible();

  await rollcall.chooser.setInputFiles(mixed("after"));
  await expect(rollcall.figure("rows")).toHaveText("6");
});

test("a million rows are checked, looked through and mended", async ({ page, rollcall }, info) => {
  test.setTimeout(240_000);
  const path = info.outputPath("million.csv");
  await writeClients(path, 1_000_000);
  await rollcall.open();
  await rollcall.choose(path, { program: "Clients" });
  await expect(rollcall.figure("rows")).toHaveText("1,000,000", { timeout: 120_000 });
  await expect(rollcall.figure("errors")).toHaveText("1");

  await page.getByRole("button", { name: "Table to edit" }).click();
  const grid = page.getByRole("grid", { name: "Rows of the file" });
  await expect(grid).toHaveAttribute("aria-rowcount", "1000001");
  await expect.poll(() => grid.getByRole("row").count()).toBeLessThan(100);
  await grid.focus();
  await grid.press("ControlOrMeta+End");
  const last = grid.locator("[aria-rowindex='1000001']");
  await expect(last).toContainText("Number999999");
  await page.getByRole("button", { name: "Next error" }).click();
  await expect(page.getByRole("status", { name: "What was found here" })).toContainText("no-at-sign");
  await page.keyboard.press("F2");
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type("mended@example.edu");
  await page.keyboard.press("Enter");
  await expect(rollcall.figure("errors")).toHaveText("0", { timeout: 30_000 });
});

/** Clients, the last but one of whom has no address. */
async function writeClients(path: string, rows: number): Promise<void> {
  const file = createWriteStream(path);
  file.write("Email,First Name,Last Name\n");
  for (let start = 0; start < rows; start += 10_000) {
    const lines = Array.from({ length: Math.min(10_000, rows - start) }, (_, index) => {
      const number = start + index;
      const email = number === rows - 2 ? "no-at-sign" : `number.${number}@example.edu`;
      return `${email},Ada,Number${number}\n`;
    });
    if (!file.write(lines.join(""))) await once(file, "drain");
  }
  file.end();
  await once(file, "finish");
}

/** An archive whose one sheet is 200 MB of empty rows, a thousandth of that packed. */
function bomb(): Roster {
  const rows = Buffer.alloc(200_000_000, "<row/>");
  const parts: [string, Buffer][] = [
    ["[Content_Types].xml", Buffer.from("<Types/>")],
    ["_rels/.rels", Buffer.from(relationships("officeDocument", "xl/workbook.xml"))],
    ["xl/_rels/workbook.xml.rels", Buffer.from(relationships("worksheet", "worksheets/sheet1.xml"))],
    ["xl/workbook.xml", Buffer.from(`<workbook><sheets><sheet name="Roster" id="r1"/></sheets></workbook>`)],
    ["xl/worksheets/sheet1.xml", Buffer.concat([Buffer.from("<worksheet><sheetData>"), rows])],
  ];
  return { ...csv("bomb.xlsx", ""), buffer: zip(parts) };
}

function relationships(kind: string, target: string): string {
  const type = `http://schemas.openxmlformats.org/officeDocument/2006/relationships/${kind}`;
  return `<Relationships><Relationship Id="r1" Type="${type}" Target="${target}"/></Relationships>`;
}

/** The ZIP format's three records, APPNOTE 4.3. */
function zip(parts: [string, Buffer][]): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const [name, content] of parts) {
    const packed = deflateRawSync(content, { level: 9 });
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0); // version
    common.writeUInt16LE(8, 4); // Deflate
    common.writeUInt32LE(crc32(content), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(content.length, 18);
    common.writeUInt16LE(name.length, 22);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(at, 10);
    const local = Buffer.concat([Buffer.from("PK\x03\x04"), common, Buffer.from(name), packed]);
    directory.push(Buffer.from("PK\x01\x02\x14\x00"), common, place, Buffer.from(name));
    locals.push(local);
    at += local.length;
  }
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", 0, "latin1");
  end.writeUInt16LE(parts.length, 8);
  end.writeUInt16LE(parts.length, 10);
  end.writeUInt32LE(Buffer.concat(directory).length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...locals, ...directory, end]);
}
