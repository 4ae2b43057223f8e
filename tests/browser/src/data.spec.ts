/** What an organisation has and has settled: its people to download, its settings, passwords replaced. */

import type { Page } from "@playwright/test";

import { csv, roster } from "./rosters.ts";
import { expect, test } from "./rollcall.ts";

const family = roster("family.csv", [
  { Email: "ann@family.example.com", PSOId: "111111" },
  {
    Email: "bo@family.example.com",
    ParentEmail: "pia@family.example.com",
    ParentFirstName: "Pia",
    ParentLastName: "Berg",
  },
]);

test("people are downloaded in a program's columns, and importing them changes nothing", async ({
  page,
  rollcall,
}) => {
  await rollcall.open("/?organisation=family");
  await rollcall.choose(family);
  await rollcall.send();
  await rollcall.confirm();
  await rollcall.finished();

  await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: "Your data" }).click();
  await expect(rollcall.heading("Download your data")).toBeFocused();
  await rollcall.accessible("your data");
  await page.getByRole("radio", { name: "CSV" }).check();
  await page.getByRole("button", { name: "Prepare the file" }).click();
  await expect(page.getByRole("heading", { name: "The file is ready: 2 rows" })).toBeVisible();
  await expect(page.getByText("1 person has no row of their own")).toBeVisible();
  await expect(page.getByRole("button", { name: "Download" })).toBeFocused();
  await rollcall.accessible("a file that is ready");
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Download" }).click(),
  ]);
  const people = await rollcall.bytes(download);
  expect(people.toString()).toContain("ann@family.example.com");

  // Other choices make another file.
  await page.getByRole("combobox", { name: "Whom" }).selectOption("Administrators");
  await page.getByRole("button", { name: "Prepare the file" }).click();
  await expect(page.getByRole("heading", { name: "There is nobody to download" })).toBeVisible();

  await rollcall.open("/?organisation=family");
  await rollcall.choose(csv("again.csv", people.toString()));
  await rollcall.send();
  expect(await rollcall.outcomes()).toMatchObject({ created: 0, updated: 0, unchanged: 2, rejected: 0 });
});

test("every program can be downloaded, and a class of one that has classes", async ({ page, rollcall }) => {
  await rollcall.open("/?organisation=whole");
  await rollcall.choose(
    csv(
      "district.csv",
      "action,schoolId,userRole,userId,userFirstName,userLastName,userEmail,userGrade,classId,className\n" +
        ",0412,Student,S-1,Ann,Lee,,7,M7,Maths\n,0412,Student,S-2,Bo,Lee,,7,E7,English\n",
    ),
    { program: "District users" },
  );
  await rollcall.send();
  await rollcall.confirm();
  await rollcall.finished();

  await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: "Your data" }).click();
  const programs = page.getByRole("combobox", { name: "In the columns of" });
  await expect(programs.locator("option")).toHaveCount(7);
  await programs.selectOption("District users");
  await page.getByRole("textbox", { name: "Of one class alone" }).fill("M7");
  await page.getByRole("button", { name: "Prepare the file" }).click();
  await expect(page.getByRole("heading", { name: "The file is ready: 1 row" })).toBeVisible();

  await page.getByRole("textbox", { name: "Of one school alone" }).fill("0999");
  await page.getByRole("button", { name: "Prepare the file" }).click();
  await expect(page.getByRole("heading", { name: "There is nobody to download" })).toBeVisible();
});

test("settings are shown, stored, and decide what is held", async ({ page, rollcall }) => {
  await rollcall.open("/?organisation=settled");
  await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: "Settings" }).click();
  await expect(page.getByRole("spinbutton", { name: /taken away/ })).toHaveValue("10");
  await expect(page.getByRole("spinbutton", { name: /changed of/ })).toHaveValue("75");
  await rollcall.accessible("settings");
  await page.getByRole("spinbutton", { name: /changed of/ }).fill("101");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("status").getByText("Saved")).toHaveCount(0);
  await page.getByRole("spinbutton", { name: /changed of/ }).fill("50");
  await page.getByRole("spinbutton", { name: /never for fewer/ }).fill("2");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Saved", { exact: true })).toBeVisible();
  await page.reload();
  await expect(page.getByRole("spinbutton", { name: /changed of/ })).toHaveValue("50");

  const people = (phone: string) =>
    csv(
      "clients.csv",
      `Email,First Name,Last Name,Phone\n${["ann", "bo", "cy"].map((name) => `${name}@settled.example.com,${name},Lee,${phone}\n`).join("")}`,
    );
  for (const phone of ["617 555 0142", "617 555 0143"]) {
    await rollcall.open("/?organisation=settled");
    await page.getByRole("radio", { name: /^Update/ }).check();
    await rollcall.choose(people(phone), { program: "Clients" });
    await rollcall.send();
    if (phone.endsWith("3")) break;
    await rollcall.confirm();
    await rollcall.finished();
  }
  await expect(page.getByText("This changes 3 of 3 people, more than 50 %.")).toBeVisible();
});

for (const { width, colorScheme } of [
  { width: 1360, colorScheme: "light" },
  { width: 360, colorScheme: "dark" },
] as const) {
  test.describe(`${width} pixels, ${colorScheme}`, () => {
    test.use({ viewport: { width, height: 800 }, colorScheme });

    test("it is settled which files import themselves, and said what that does", async ({
      page,
      rollcall,
    }) => {
      const organisation = `drops-${width}`;
      await rollcall.open(`/?organisation=${organisation}#/settings`);
      await page.getByRole("checkbox", { name: "Learners" }).check();
      await page.getByRole("checkbox", { name: "Clients" }).check();
      const clients = page.getByRole("group", { name: "How dropped files of Clients are imported" });
      await expect(clients.getByText("Nobody gets an e-mail.")).toBeVisible();
      await clients.getByRole("radio", { name: /^Update/ }).check();
      await clients.getByRole("checkbox", { name: /^Replace what was edited by hand/ }).check();
      await clients.getByRole("checkbox", { name: /^Replace passwords/ }).check();
      await clients.getByRole("checkbox", { name: /^Send deferred/ }).check();
      await clients.getByRole("checkbox", { name: /^All or nothing/ }).check();
      await expect(clients.getByRole("listitem")).toHaveText([
        "New people are made, and those who have an address get a registration e-mail after the import.",
        /^Where a person is already there: Values in the file replace what is there/,
        "Values in the file also replace what was edited by hand.",
        "Passwords in the file replace those that people have.",
        "If any row has an error, nothing of the file is imported.",
      ]);
      await expect(page.getByText(`drops/${organisation}/clients/`)).toBeVisible();
      await page.getByRole("button", { name: "Save" }).click();
      await expect(page.getByText("Saved", { exact: true })).toBeVisible();
      await rollcall.accessible("files that import themselves");
      const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(wider).toBeLessThanOrEqual(0);
      const path = `results/screenshots/${width}-${colorScheme}-settings.png`;
      await page.screenshot({ path, fullPage: true, animations: "disabled" });

      await page.reload();
      await expect(clients.getByRole("radio", { name: /^Update/ })).toBeChecked();
      await expect(page.getByRole("checkbox", { name: "Retail" })).not.toBeChecked();
      await clients.getByRole("radio", { name: /^Skip/ }).check();
      await page.getByRole("checkbox", { name: "Learners" }).uncheck();
      await page.route("**/api/settings", (route) => route.abort());
      await page.getByRole("button", { name: "Save" }).click();
      await expect(page.getByRole("alert").filter({ hasText: "No connection" })).toBeInViewport();
      await page.unroute("**/api/settings");
      await page.getByRole("button", { name: "Try again" }).click();
      await expect(page.getByText("Saved", { exact: true })).toBeVisible();
      const issued = await page.request.get(`/dev/token?organisation=${organisation}`);
      const { token } = (await issued.json()) as { token: string };
      const headers = { authorization: `Bearer ${token}` };
      const stored = await (await page.request.get("/api/settings", { headers })).json();
      expect((stored as { drops: unknown }).drops).toEqual({
        clients: {
          duplicates: "skip",
          invite: true,
          allOrNothing: true,
          overwritePasswords: true,
          overwriteHandEdits: false,
          reading: {},
        },
      });
    });
  });
}

test("passwords are replaced when that is asked for, and it is said before", async ({ page, rollcall }) => {
  const client = (password: string) =>
    csv("client.csv", `Email,First Name,Last Name,Password\nann@secret.example.com,Ann,Lee,${password}\n`);
  const replace = page.getByRole("checkbox", { name: /^Replace passwords/ });
  await rollcall.open("/?organisation=secrets");
  await page.getByRole("radio", { name: "Retail" }).check();
  await expect(page.getByText(/^Required columns/)).toBeVisible();
  await expect(replace).toHaveCount(0);
  await rollcall.choose(client("correct-horse"), { program: "Clients" });
  await rollcall.send();
  await rollcall.confirm();
  await rollcall.finished();

  await rollcall.open("/?organisation=secrets");
  await rollcall.choose(client("battery-staple"), { program: "Clients" });
  await rollcall.send();
  expect(await rollcall.outcomes()).toMatchObject({ updated: 0, unchanged: 1 });

  await page.getByRole("link", { name: "Upload", exact: true }).click();
  await replace.check();
  await rollcall.accessible("passwords to be replaced");
  await rollcall.choose(client("battery-staple"), { program: "Clients" });
  await rollcall.send();
  expect(await rollcall.outcomes()).toMatchObject({ updated: 1, unchanged: 0 });
  await page.getByRole("link", { name: "Continue to confirm" }).click();
  await expect(page.getByText("Passwords in the file replace those that people have.")).toBeVisible();
  await page.getByRole("button", { name: "Import 1 row" }).click();
  await rollcall.finished();
});

test("what was edited by hand is replaced only by an update that asks for it", async ({ page, rollcall }) => {
  const ann = (phone: string) =>
    csv("ann.csv", `Email,First Name,Last Name,Phone\nann@hand.example.com,Ann,Lee,${phone}\n`);
  const replace = page.getByRole("checkbox", { name: /^Replace what was edited by hand/ });
  await rollcall.open("/?organisation=hand");
  await rollcall.choose(ann("617 555 0142"), { program: "Clients" });
  await rollcall.send();
  await rollcall.confirm();
  await rollcall.finished();
  await editByHand(page, "ann@hand.example.com", { phone: "617 555 0199" });

  await rollcall.open("/?organisation=hand");
  await expect(replace).toHaveCount(0);
  await page.getByRole("radio", { name: /^Update/ }).check();
  await rollcall.choose(ann("617 555 0143"), { program: "Clients" });
  await rollcall.send();
  expect(await rollcall.outcomes()).toMatchObject({ updated: 0, unchanged: 1 });

  await page.getByRole("link", { name: "Upload", exact: true }).click();
  await replace.check();
  await rollcall.accessible("hand edits to be replaced");
  // Under another policy it is not asked for, and does not come back by itself.
  await page.getByRole("radio", { name: /^Skip/ }).check();
  await page.getByRole("radio", { name: /^Update/ }).check();
  await expect(replace).not.toBeChecked();
  await replace.check();
  await rollcall.choose(ann("617 555 0143"), { program: "Clients" });
  await rollcall.send();
  expect(await rollcall.outcomes()).toMatchObject({ updated: 1, unchanged: 0 });
  await page.getByRole("link", { name: "Continue to confirm" }).click();
  await expect(page.getByText("Values in the file also replace what was edited by hand.")).toBeVisible();
});

/** Edits a person as another page of the platform does. */
async function editByHand(page: Page, email: string, attributes: Record<string, string>): Promise<void> {
  const issued = await page.request.get("/dev/token?organisation=hand");
  const { token } = (await issued.json()) as { token: string };
  const headers = { authorization: `Bearer ${token}` };
  const found = await page.request.get(`/api/people?q=${email}`, { headers });
  const [{ id }] = ((await found.json()) as { people: [{ id: string }] }).people;
  const shown = await page.request.get(`/api/people/${id}`, { headers });
  const { version } = (await shown.json()) as { version: number };
  const data = { attributes, version };
  expect((await page.request.patch(`/api/people/${id}`, { headers, data })).status()).toBe(200);
}
