/** A large file is sent part by part: what got lost is sent again, after a reload too, and nothing twice. */

import type { Page, Request, Route } from "@playwright/test";

import { padded } from "./rosters.ts";
import { type Rollcall, expect, test } from "./rollcall.ts";

const PEOPLE = 600;

/** A file of three parts of at most 8 MiB. */
function large(tag: string) {
  return padded(tag, PEOPLE, 30_000);
}

function partOf(request: Request): number {
  return Number(new URL(request.url()).searchParams.get("partNumber"));
}

/** Lets each part through to storage unless `meet` sees to it; the numbers of those that were let through. */
async function watchParts(
  page: Page,
  meet: (route: Route, part: number) => Promise<unknown> | null,
): Promise<number[]> {
  const passed: number[] = [];
  await page.route(
    (url) => url.searchParams.has("partNumber"),
    async (route) => {
      const part = partOf(route.request());
      const met = meet(route, part);
      if (met) return void (await met);
      passed.push(part);
      await route.continue();
    },
  );
  return passed;
}

function send(page: Page): Promise<void> {
  return page.getByRole("button", { name: "Upload and compare" }).click();
}

async function imported(rollcall: Rollcall): Promise<void> {
  await expect(rollcall.page.getByText("This is what the import would do.")).toBeVisible();
  expect(await rollcall.outcomes()).toMatchObject({ created: PEOPLE });
}

test("a connection that is lost in the middle costs the part that was on its way", async ({
  page,
  rollcall,
}) => {
  await rollcall.open("/?organisation=cut");
  await rollcall.choose(large("cut"));
  let cuts = 1;
  const passed = await watchParts(page, (route, part) =>
    part === 2 && cuts-- > 0 ? route.abort("connectionreset") : null,
  );
  // The server is not to be reached for a while either.
  await page.route(/\/upload$/, (route) => route.abort("connectionfailed"), { times: 1 });
  await send(page);
  // The first part arrived, and perhaps the third before the loss of the second was seen.
  await expect(page.getByText(/^The connection was lost\. (8\.4|9\.\d|10) MB of 18 MB arrived/)).toBeVisible();
  await imported(rollcall);
  expect(passed.toSorted()).toEqual([1, 2, 3]);
});

test("after a reload, only what is missing is sent", async ({ page, rollcall }) => {
  await rollcall.open("/?organisation=gone");
  await rollcall.choose(large("gone"));
  await expect(page.getByText("Kept in this browser")).toBeVisible();
  let isHeld = true;
  const passed = await watchParts(page, (route, part) => {
    if (part !== 3 || !isHeld) return null;
    // Never answered: the page is gone before.
    return new Promise(() => undefined);
  });
  const arrived = [1, 2].map((part) => page.waitForResponse((answer) => partOf(answer.request()) === part));
  await send(page);
  await Promise.all(arrived);
  await expect(page.getByText(/^Uploading 17 MB of 18 MB/)).toBeVisible();
  page.on("dialog", (dialog) => dialog.accept());
  await page.reload();
  isHeld = false;
  expect(passed.splice(0).toSorted()).toEqual([1, 2]);

  await expect(rollcall.figure("ready")).toHaveText(String(PEOPLE));
  await send(page);
  await imported(rollcall);
  expect(passed).toEqual([3]);
});

test("an address that has expired is renewed, and a file that has changed is not sent", async ({
  page,
  rollcall,
}) => {
  await rollcall.open("/?organisation=late");
  await rollcall.choose(large("late"));
  const refuse = (route: Route, status: number) =>
    route.fulfill({ status, headers: { "access-control-allow-origin": "*" } });
  // What storage says of an address that has expired, then of bytes that were not announced.
  const refusals = [403, 400];
  const addresses = new Set<string>();
  const passed = await watchParts(page, (route, part) => {
    const status = part === 1 ? refusals.shift() : undefined;
    if (part === 1) addresses.add(route.request().url());
    return status ? refuse(route, status) : null;
  });
  await send(page);
  await expect(page.getByRole("heading", { name: "The file has changed" })).toBeVisible();
  expect(addresses.size).toBe(2);
  await rollcall.accessible("an upload of a file that has changed");
  await send(page);
  await imported(rollcall);
  expect(passed.toSorted()).toEqual([1, 2, 3]);
});
