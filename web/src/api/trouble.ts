/** What can go wrong between the page and the server, as far as the importer can act on it. */
export type Trouble =
  /** No answer: no network, or the server is away. */
  | { kind: "offline" }
  /** The token is missing, expired or not accepted. */
  | { kind: "expired" }
  /** No such import in this organisation. */
  | { kind: "missing" }
  /** It was there, and is kept no longer. */
  | { kind: "gone" }
  /** The server understood and refused; it says why. */
  | { kind: "refused"; detail: string }
  /** The file is no longer the one that was announced. */
  | { kind: "changed" }
  /** The server's own fault. */
  | { kind: "server" };

/** Thrown by the client; `trouble` says what to show. */
export class Failed extends Error {
  constructor(readonly trouble: Trouble) {
    super(trouble.kind);
  }
}

export function troubleOf(error: unknown): Trouble {
  if (error instanceof Failed) return error.trouble;
  if (error instanceof TypeError) return { kind: "offline" };
  throw error;
}

/** What an answer's status says; `problem` is its body (RFC 9457). */
export function refusal(status: number, problem: unknown): Failed {
  if (status === 401 || status === 403) return new Failed({ kind: "expired" });
  if (status === 404) return new Failed({ kind: "missing" });
  if (status === 410) return new Failed({ kind: "gone" });
  if (status >= 500 || status === 429) return new Failed({ kind: "server" });
  return new Failed({ kind: "refused", detail: sentence(problem) });
}

function sentence(problem: unknown): string {
  const { title, detail } = (problem ?? {}) as { title?: string; detail?: string };
  return detail ?? title ?? "";
}
