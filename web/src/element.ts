/**
 * `<rollcall-import>`: the importer as an element of another page of the same origin.
 *
 * ```html
 * <script type="module" src="/rollcall-import.js"></script>
 * <rollcall-import program="retail" token="…"></rollcall-import>
 * ```
 *
 * Attributes: `token` (whose organisation imports), `program` (the only one that is offered), `lang` (else the
 * language around it), `import` (the import to show). Events, which bubble: `rollcall-step` with `{ step, import }`,
 * `rollcall-finished` with `{ import, outcomes }`, `rollcall-token-needed` when there is no token or it is
 * accepted no more: the element waits for the next one. A page has one importer.
 */

import { mount, unmount } from "svelte";

import Importer from "./Importer.svelte";
import { useToken } from "./api/session.svelte";
import { host, moveInto } from "./host.svelte";
import { store } from "./import.svelte";
import { speak } from "./language.svelte";
import { address, go } from "./route.svelte";

/** Where the build puts the styles of page and components; it writes the address in here. */
const STYLES = "%ROLLCALL_STYLES%";

export class RollcallImport extends HTMLElement {
  static readonly observedAttributes = ["import", "lang", "program", "token"];

  #shown: ReturnType<typeof mount> | null = null;

  /** Also to be set by a script, so that it stands in no markup. */
  set token(token: string | null) {
    useToken(token);
    store.lookAgain();
  }

  connectedCallback(): void {
    if (host()) throw new Error("There is a <rollcall-import> on this page already.");
    const root = this.shadowRoot ?? this.attachShadow({ mode: "open" });
    const styles = document.createElement("link");
    styles.rel = "stylesheet";
    styles.href = new URL(STYLES, import.meta.url).href;
    // Nothing is shown before it can be shown as it is meant.
    styles.onload = styles.onerror = () => this.#show(root);
    root.replaceChildren(styles);
    moveInto({ element: this, program: this.getAttribute("program") });
    go(address.upload);
    this.#takeEarlyToken();
    for (const name of RollcallImport.observedAttributes) this.#take(name);
  }

  disconnectedCallback(): void {
    if (this.#shown) void unmount(this.#shown);
    this.#shown = null;
    moveInto(null);
  }

  attributeChangedCallback(name: string): void {
    if (host()?.element === this) this.#take(name);
  }

  #show(root: ShadowRoot): void {
    if (host()?.element === this && !this.#shown) this.#shown = mount(Importer, { target: root });
  }

  /** A script may have set it before the browser knew the element. */
  #takeEarlyToken(): void {
    const early = Object.getOwnPropertyDescriptor(this, "token")?.value as string | undefined;
    if (early === undefined) return;
    Reflect.deleteProperty(this, "token");
    this.token = early;
  }

  #take(name: string): void {
    const value = this.getAttribute(name);
    switch (name) {
      case "import":
        if (value) go(address.import(value));
        break;
      case "lang":
        speak(this.closest<HTMLElement>("[lang]")?.lang ?? "");
        break;
      case "program":
        moveInto({ element: this, program: value });
        if (value) store.chooseProgram(value);
        break;
      case "token":
        if (value !== null) this.token = value;
    }
  }
}

customElements.define("rollcall-import", RollcallImport);
