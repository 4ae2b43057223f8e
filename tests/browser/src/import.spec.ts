/** The whole way of a file: dropped, checked, compared, confirmed, imported, invited. */

import { mixed, retail } from "./rosters.ts";
import { expect, test } from "./rollcall.ts";

test("a mixed roster becomes people, mails and results", async ({ page, rollcall }) => {
  await rollcall.open("/?organisation=happy");
  await rollcall.accessible("upload");
  const before = await rollcall.mails();

  await rollcall.choose(mixed("happy"), { invite: true });
  await expect(rollcall.figure("rows")).toHaveText("6");
  await expect(rollcall.figure("ready")).toHaveText("4");
  await expect(rollcall.figure("errors")).toHaveText("2");
  await expect(rollcall.figure("warnings")).toHaveText("1");
  await expect(page.getByText("2 rows have errors and will be left out.")).toBeVisible();
  await rollcall.accessible("review");

  await rollcall.send();
  expect(await rollcall.outcomes()).toEqual({
    created: 3,
    updated: 0,
    unchanged: 1,
    skipped: 0,
    rejected: 2,
  });
  await expect(page.getByText("3 people would get a registration e-mail")).toBeVisible();
  await rollcall.accessible("dry run");
  expect(JSON.parse(await rollcall.download("dry-run.json"))).toBeTruthy();

  await page.getByRole("link", { name: "Continue to confirm" }).click();
  await expect(page.getByText(/will create 4 new people/)).toBeVisible();
  await rollcall.accessible("confirm");
  await page.getByRole("button", { name: "Import 4 rows" }).click();

  await rollcall.finished();
  expect(await rollcall.outcomes()).toEqual({
    created: 3,
    updated: 0,
    unchanged: 1,
    skipped: 0,
    rejected: 2,
  });
  await expect(page.getByText("3 of 3 sent")).toBeVisible();
  await expect.poll(() => rollcall.mails()).toBe(before + 3);
  await rollcall.accessible("results");

  const report = JSON.parse(await rollcall.download("report.json")) as { outcomes: unknown };
  expect(report.outcomes).toEqual({ created: 3, updated: 0, unchanged: 1, skipped: 0, rejected: 2 });
  const errors = await rollcall.download("errors.csv");
  expect(errors).toContain("no-at-sign");
  expect(errors.trim().split(/\r?\n/)).toHaveLength(3);
  expect(await rollcall.download("log.csv")).toContain("row");
});

test("the same file again changes nothing and mails nobody", async ({ page, rollcall }) => {
  for (const created of [3, 0]) {
    await rollcall.open("/?organisation=again");
    await rollcall.choose(mixed("again"), { invite: true });
    await rollcall.send();
    expect(await rollcall.outcomes()).toMatchObject({ created, rejected: 2 });
    await rollcall.confirm();
    await rollcall.finished();
    expect(await rollcall.outcomes()).toMatchObject({ created, updated: 0, rejected: 2 });
  }
  await expect(page.getByText("none are due")).toBeVisible();
});

test("thousands of rows: every one accounted for, one mail for each new person with an address", async ({
  page,
  rollcall,
}) => {
  const rows = 2000;
  const roster = retail(rows);
  test.setTimeout(300_000);
  await rollcall.open("/?organisation=retail");
  const before = await rollcall.mails();

  await rollcall.choose(roster.file, { invite: true });
  await expect(rollcall.figure("rows")).toHaveText("2,000");
  await expect(rollcall.figure("errors")).toHaveText(roster.faults.toLocaleString("en"));
  await rollcall.send(60_000);
  const foretold = await rollcall.outcomes();
  expect(foretold.rejected).toBe(roster.faults);
  const mails = Number((await page.getByText(/would get a registration/).innerText()).replace(/\D/g, ""));

  await rollcall.confirm();
  await rollcall.finished(120_000);
  const outcomes = await rollcall.outcomes();
  expect(outcomes).toEqual(foretold);
  expect(Object.values(outcomes).reduce((sum, count) => sum + count, 0)).toBe(rows);
  const all = mails.toLocaleString("en");
  await expect(page.getByText(`${all} of ${all} sent`)).toBeVisible({ timeout: 60_000 });
  expect(await rollcall.mails()).toBe(before + mails);
});
