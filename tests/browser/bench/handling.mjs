// How Rollcall's own page handles when a file is open: how soon it says something, how it scrolls, how soon an edit shows.

const FRAMES = 300;
const EDITS = 20;

/**
 * Takes the time from the file's choice, which comes next, to the first rows that were checked, or to the verdict if that
 * is sooner; gives what tells it, in milliseconds.
 */
export async function firstVerdict(page) {
  await page.evaluate(() => {
    globalThis.first = new Promise((resolve) => {
      let started = 0;
      document.addEventListener("change", () => (started ||= performance.now()), { capture: true });
      const look = () => {
        const said = document.querySelector("[data-figure=rows]") ?? document.querySelector(".reading b");
        if (started && said && said.textContent !== "0") resolve(performance.now() - started);
        else requestAnimationFrame(look);
      };
      look();
    });
  });
  return () => page.evaluate(() => globalThis.first);
}

/** Scrolls the roster's table; see `scroll`. */
export async function scrolling(page) {
  await page.getByRole("button", { name: "Table to edit" }).click();
  await page.getByRole("grid").waitFor();
  return scroll(page, "[role=grid]");
}

/** The 95th percentile of a frame's time while what the selector names scrolls by a screen each frame; in milliseconds. */
export async function scroll(page, selector) {
  const frames = await page.evaluate(
    async ([selector, count]) => {
      const scrolled = document.querySelector(selector);
      const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
      const times = [];
      for (let last = await frame(); times.length < count;) {
        scrolled.scrollTop += scrolled.clientHeight;
        const now = await frame();
        times.push(now - last);
        last = now;
      }
      return times;
    },
    [selector, FRAMES],
  );
  return percentile95(frames);
}

/** The 95th percentile from the key that ends an edit to the cell with its new verdict; in milliseconds. */
export async function editing(page) {
  const grid = page.getByRole("grid");
  await grid.focus();
  await page.keyboard.press("ControlOrMeta+Home");
  // Its row has to be there: what is scrolled into sight comes a moment later.
  await page.locator("[data-place='0'] [data-column='0'] .text").waitFor({ state: "attached" });
  const times = [];
  for (let edit = 0; edit < EDITS; edit++) {
    const value = edit % 2 === 0 ? "no-at-sign" : `number.${edit}@bench.example.com`;
    await page.keyboard.press("F2");
    await page.keyboard.press("ControlOrMeta+a");
    await page.keyboard.type(value);
    await page.evaluate(watchFor, [value, edit % 2 === 0]);
    await page.keyboard.press("Enter");
    times.push(await page.evaluate(() => globalThis.shown));
    await page.keyboard.press("ArrowUp");
  }
  return percentile95(times);
}

/** In the page: takes the time from the next key to the frame in which the first cell has the value and its verdict. */
function watchFor([value, isWrong]) {
  globalThis.shown = new Promise((resolve) => {
    let started = 0;
    document.addEventListener("keydown", () => (started = performance.now()), { capture: true, once: true });
    const look = () => {
      const cell = document.querySelector("[data-place='0'] [data-column='0']");
      const isShown = cell?.querySelector(".text")?.textContent === value;
      if (started && isShown && cell.hasAttribute("aria-invalid") === isWrong)
        resolve(performance.now() - started);
      else requestAnimationFrame(look);
    };
    look();
  });
}

function percentile95(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * 0.95)];
}
