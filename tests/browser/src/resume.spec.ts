/** A large file is sent part by part: what got lost is sent again, after a reload too, and nothing twice. */

import type { Page, Request, Route } from "@playwright/test";

import { padded } from "./rosters.ts";
import { type Rollcall, expect, test } from "./rollcall.ts";

const PEOPLE = 300;

/** A file of two parts: one of 8 MiB, and the rest. */
function large(tag: string) {
  return padded(tag, PEOPLE, 30_000);
}

function partOf(request: Request): number {
  return Number(new URL(request.url()).searchParams.get("partNumber"));
}

/** Meets a part on its way; the numbers of those that storage took. Others are not looked into, which takes long. */
async function watchParts(
  page: Page,
  part: number,
  meet: (route: Route) => Promise<unknown>,
): Promise<number[]> {
  const taken: number[] = [];
  page.on("response", (response) => {
    const isPart = new URL(response.url()).searchParams.has("partNumber");
    if (isPart && response.ok()) taken.push(partOf(response.request()));
  });
  const url = (url: URL) => url.searchParams.get("partNumber") === String(part);
  await page.route(url, meet);
  return taken;
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
  const taken = await watchParts(page, 2, (route) =>
    cuts-- > 0 ? route.abort("connectionreset") : route.continue(),
  );
  // The server is not to be reached for a while either.
  await page.route(/\/upload$/, (route) => route.abort("connectionfailed"), { times: 1 });
  await send(page);
  await expect(page.getByText(/^The connection was lost\. 8.4 MB of 9 MB arrived/)).toBeVisible();
  await imported(rollcall);
  expect(taken).toEqual([1, 2]);
});

test("after a reload, only what is missing is sent", async ({ page, rollcall }) => {
  await rollcall.open("/?organisation=gone");
  await rollcall.choose(large("gone"));
  await expect(page.getByText("Kept in this browser")).toBeVisible();
  let isHeld = true;
  // Never answered: the page is gone before.
  const taken = await watchParts(page, 2, (route) =>
    isHeld ? new Promise(() => undefined) : route.continue(),
  );
  const first = page.waitForResponse((response) => partOf(response.request()) === 1);
  await send(page);
  await first;
  await expect(page.getByText(/^Uploading 8.4 MB of 9 MB/)).toBeVisible();
  page.on("dialog", (dialog) => dialog.accept());
  await page.reload();
  isHeld = false;
  expect(taken.splice(0)).toEqual([1]);

  await expect(rollcall.figure("ready")).toHaveText(String(PEOPLE));
  await send(page);
  await imported(rollcall);
  expect(taken).toEqual([2]);
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
  const taken = await watchParts(page, 1, (route) => {
    addresses.add(route.request().url());
    const status = refusals.shift();
    return status ? refuse(route, status) : route.continue();
  });
  await send(page);
  await expect(page.getByRole("heading", { name: "The file has changed" })).toBeVisible();
  expect(addresses.size).toBe(2);
  await rollcall.accessible("an upload of a file that has changed");
  await send(page);
  await imported(rollcall);
  expect(taken.toSorted()).toEqual([1, 2]);
});
