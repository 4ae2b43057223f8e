// How Rollcall's own page handles when a file is open: how soon it says something, how it scrolls, how soon an edit shows.

const FRAMES = 300;
const EDITS = 20;

/** From the file's choice to the first rows that were checked, or to the verdict if that is sooner; in milliseconds. */
export function firstVerdict(page) {
  return page.evaluate(
    () =>
      new Promise((resolve) => {
        let started = 0;
        document.addEventListener("change", () => (started ||= performance.now()), { capture: true });
        const look = () => {
          const said = document.querySelector("[data-figure=rows]") ?? document.querySelector(".reading b");
          if (started && said && said.textContent !== "0") resolve(performance.now() - started);
          else requestAnimationFrame(look);
        };
        look();
      }),
  );
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

/** The 95th percentile from the key that ends an edit to its new verdict on the page; in milliseconds. */
export async function editing(page) {
  const grid = page.getByRole("grid");
  await grid.focus();
  await page.keyboard.press("ControlOrMeta+Home");
  const times = [];
  for (let edit = 0; edit < EDITS; edit++) {
    await page.keyboard.press("F2");
    await page.keyboard.press("ControlOrMeta+a");
    await page.keyboard.type(edit % 2 === 0 ? "no-at-sign" : `number.${edit}@bench.example.com`);
    const shown = page.evaluate(
      () =>
        new Promise((resolve) => {
          let started = 0;
          const figure = document.querySelector("[data-figure=errors]");
          document.addEventListener("keydown", () => (started = performance.now()), {
            capture: true,
            once: true,
          });
          const watch = new MutationObserver(() => {
            watch.disconnect();
            resolve(performance.now() - started);
          });
          watch.observe(figure, { characterData: true, childList: true, subtree: true });
        }),
    );
    await page.keyboard.press("Enter");
    times.push(await shown);
    await page.keyboard.press("ArrowUp");
  }
  return percentile95(times);
}

function percentile95(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * 0.95)];
}
