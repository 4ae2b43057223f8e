/** Programs besides the three of one set of columns: each from its file to the counts by kind. */

import { csv } from "./rosters.ts";
import { expect, test } from "./rollcall.ts";

const CASES = [
  {
    program: "Clients",
    text: "Email,First Name,Last Name,Student ID,Password\nann@example.com,Ann,Lee,00123,correct-horse\n",
    kinds: [["Clients", 1]],
  },
  {
    program: "Learners",
    text:
      "Role,First Name,Last Name,Email,Username,Parent,Instructor\n" +
      "Student,Ann,Lee,,ann.lee,pat@example.com,kim@example.com\n" +
      "Parent,Pat,Lee,pat@example.com,,,\n" +
      "Instructor,Kim,Roy,kim@example.com,,,\n",
    kinds: [
      ["Students", 1],
      ["Parents", 1],
      ["Instructors", 1],
      ["Parent links", 1],
      ["Instructor links", 1],
    ],
  },
  {
    program: "District users",
    text:
      "schoolId,userRole,userId,userFirstName,userLastName,userEmail,userGrade,classId,className\n" +
      "0412,Student,S-1,Ann,Lee,,7,M7,Maths\n" +
      "0412,Teacher,T-1,Kim,Roy,kim@example.com,,M7,Maths\n",
    kinds: [
      ["Students", 1],
      ["Instructors", 1],
      ["Schools", 1],
      ["Classes", 1],
      ["Enrolments", 2],
    ],
  },
] as const;

for (const { program, text, kinds } of CASES) {
  test(`${program} are imported and counted by kind`, async ({ page, rollcall }) => {
    await rollcall.open(`/?organisation=programs-${program.toLowerCase().replace(" ", "-")}`);
    await rollcall.choose(csv("roster.csv", text), { program });
    await rollcall.send();
    await rollcall.confirm();
    await rollcall.finished();
    for (const [kind, created] of kinds) {
      const row = page
        .getByRole("row")
        .filter({ has: page.getByRole("rowheader", { name: kind, exact: true }) });
      await expect(row.getByRole("cell").first()).toHaveText(`${created}`);
    }
    await rollcall.accessible(`results of ${program}`);
  });
}

test("demographics are added to students who are there", async ({ page, rollcall }) => {
  const organisation = "/?organisation=programs-demographics";
  await rollcall.open(organisation);
  await rollcall.choose(csv("users.csv", CASES[2].text), { program: "District users" });
  await rollcall.send();
  await rollcall.confirm();
  await rollcall.finished();
  await rollcall.open(organisation);
  const facts = csv("demographics.csv", "userId,sex,asian\nS-1,Female,true\nS-9,Male,\n");
  await rollcall.choose(facts, { program: "District demographics" });
  await rollcall.send();
  expect(await rollcall.outcomes()).toMatchObject({ created: 0, updated: 1, rejected: 1 });
  await rollcall.confirm();
  await rollcall.finished();
  expect(await rollcall.outcomes()).toMatchObject({ created: 0, updated: 1, rejected: 1 });
});

/** A choir's program, with these columns besides. */
const choir = (...others: object[]) => {
  const fills = (attribute: string) => ({ fills: `person.${attribute}` });
  const fields = [
    { name: "Singer", type: "string", constraints: { required: true }, rollcall: fills("firstName") },
    { name: "Family", type: "string", rollcall: fills("lastName") },
    { name: "Mail", type: "string", format: "email", rollcall: fills("email") },
    ...others,
  ];
  const schema = {
    fields,
    rollcall: { title: "Choir", identity: ["email"], kind: { main: "student" } },
  };
  return {
    name: "Our choir.json",
    mimeType: "application/json",
    buffer: Buffer.from(JSON.stringify(schema)),
  };
};

test("an organisation imports by a program of its own, and deletes it", async ({ page, rollcall }) => {
  await rollcall.open("/?organisation=choir");
  const schemas = page.locator("input[type=file][accept*='.json']");
  await schemas.setInputFiles(choir({ name: "Voice", type: "voice" }));
  await expect(page.getByRole("alert")).toContainText("/fields/3/type: found");
  const voice = { name: "Voice", type: "string", constraints: { enum: ["Alto", "Bass"] } };
  await schemas.setInputFiles(choir(voice));
  await expect(page.getByRole("radio", { name: "Choir" })).toBeChecked();
  await expect(page.getByRole("alert")).toHaveCount(0);
  await rollcall.accessible("upload with an own program");
  await page.screenshot({ path: "results/screenshots/own-program.png", fullPage: true });

  const rows = "Ann,Lee,ann@example.com,Alto\nBo,Ng,bo@example.com,Loud\n";
  await rollcall.choose(csv("singers.csv", `Singer,Family,Mail,Voice\n${rows}`), { program: "Choir" });
  await expect(rollcall.figure("errors")).toContainText("1");
  // After a reload the program has to be fetched once more.
  await page.route("**/api/programs", (route) => route.abort());
  await page.reload();
  await expect(page.getByRole("alert")).toContainText("program did not load");
  await page.unroute("**/api/programs");
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(rollcall.figure("errors")).toContainText("1");
  await rollcall.send();
  await rollcall.confirm();
  await rollcall.finished();
  expect(await rollcall.outcomes()).toMatchObject({ created: 1, rejected: 1 });

  await rollcall.open("/?organisation=choir");
  page.once("dialog", (dialog) => void dialog.accept());
  await page.getByRole("button", { name: "Delete Choir" }).click();
  await expect(page.getByRole("radio", { name: "Choir" })).toHaveCount(0);
});
