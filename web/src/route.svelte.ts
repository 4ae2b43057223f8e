/** The page's addresses. They live behind `#`, so that the page can be served as plain files. */

import { host } from "./host.svelte";

export type Route =
  | { page: "upload" }
  | { page: "match" }
  | { page: "review" }
  | { page: "history" }
  | { page: "people" }
  | { page: "person"; id: string }
  | { page: "data" }
  | { page: "settings" }
  | { page: "import"; id: string; confirm: boolean };

export const address = {
  upload: "#/",
  match: "#/match",
  review: "#/review",
  history: "#/imports",
  people: "#/people",
  person: (id: string) => `#/people/${encodeURIComponent(id)}`,
  data: "#/data",
  settings: "#/settings",
  import: (id: string) => `#/imports/${encodeURIComponent(id)}`,
  confirm: (id: string) => `#/imports/${encodeURIComponent(id)}/confirm`,
};

let current = $state.raw(parse(location.hash));

window.addEventListener("hashchange", () => {
  if (!host()) current = parse(location.hash);
});

export function route(): Route {
  return current;
}

/** Goes to an address; `replace` leaves no step back to the present one. */
export function go(to: string, { replace = false } = {}): void {
  // In somebody else's page the address is not ours.
  if (!host()) {
    if (replace) history.replaceState(null, "", to);
    else location.hash = to;
  }
  // Now, and not when the browser comes to telling: what is shown must never fit the old address.
  current = parse(to);
}

function parse(hash: string): Route {
  const [first, id, last] = hash.replace(/^#\/?/, "").split("/");
  if (first === "people" && id) return { page: "person", id: decodeURIComponent(id) };
  if (
    first === "match" ||
    first === "review" ||
    first === "people" ||
    first === "data" ||
    first === "settings"
  )
    return { page: first };
  if (first !== "imports") return { page: "upload" };
  return id
    ? { page: "import", id: decodeURIComponent(id), confirm: last === "confirm" }
    : { page: "history" };
}
