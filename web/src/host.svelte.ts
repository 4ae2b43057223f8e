/** Where the importer is shown: on a page of its own, or by `<rollcall-import>` in somebody else's page. */

export interface Host {
  element: HTMLElement;
  /** The only program that is offered; all if none is named. */
  program: string | null;
}

let current = $state.raw<Host | null>(null);

/** `null` on a page of our own. */
export function host(): Host | null {
  return current;
}

export function moveInto(place: Host | null): void {
  current = place;
}

/** What takes dropped and pasted files: our page as a whole, or the element alone. */
export function surface(): HTMLElement | Window {
  return current?.element ?? window;
}

/** Tells the page around the element. */
export function tell(name: string, detail?: unknown): void {
  current?.element.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
}
