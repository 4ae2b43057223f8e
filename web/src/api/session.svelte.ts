/**
 * Who is importing. The token comes with the address (`#token=…`), where it is taken out at once and kept
 * for this tab; the embedded stack also issues one for development at `/dev/token`, for the organisation
 * that the address names (`?organisation=demo`). In somebody else's page, that page gives it.
 */

import { host, tell } from "../host.svelte";
import { Failed } from "./trouble";

const KEY = "rollcall.token";

export interface Session {
  token: string;
  /** What the server calls the importer. */
  subject: string;
  organisation: string;
  email: string;
}

interface Claims {
  sub?: string;
  org?: string;
  email?: string;
}

let known = $state.raw<Session | null>(null);
/** Whether the embedded stack answers, which has an inbox to look into. */
let embedded = $state(false);
let asking: Promise<Session> | null = null;
/** What the page around the element gave, and what waits for it. */
let given: string | null = null;
let waiting: ((token: string) => void) | null = null;

/** For display only; the server reads the token itself. */
export function session(): Session | null {
  return known;
}

export function isEmbedded(): boolean {
  return embedded;
}

/** The token, asked for once however many requests wait for it. */
export async function token(): Promise<string> {
  if (known) return known.token;
  asking ??= begin().finally(() => (asking = null));
  known = await asking;
  return known.token;
}

/** Forgets a token that the server no longer takes. */
export function forget(): void {
  known = null;
  given = null;
  if (!host()) sessionStorage.removeItem(KEY);
}

/** Takes the token of the page around the element. */
export function useToken(token: string | null): void {
  known = null;
  given = token;
  if (token) waiting?.(token);
}

async function begin(): Promise<Session> {
  const kept = host() ? await hostToken() : await ownToken();
  if (!kept) throw new Failed({ kind: "expired" });
  const { sub, org, email } = claims(kept);
  return { token: kept, subject: sub ?? "", organisation: org ?? "", email: email ?? "" };
}

/** Asks the page around the element, and waits: it renews what has run out without anybody's noticing. */
async function hostToken(): Promise<string> {
  if (given) return given;
  tell("rollcall-token-needed");
  return new Promise((resolve) => (waiting = resolve));
}

async function ownToken(): Promise<string | null> {
  // Asked for in any case: it tells whether there is an inbox.
  const issued = await developmentToken();
  return sessionStorage.getItem(KEY) ?? issued;
}

async function developmentToken(): Promise<string | null> {
  const organisation = new URLSearchParams(location.search).get("organisation") ?? "demo";
  const answer = await fetch(`/dev/token?${new URLSearchParams({ organisation })}`);
  if (!answer.ok || !answer.headers.get("content-type")?.startsWith("application/json")) return null;
  embedded = true;
  return ((await answer.json()) as { token: string }).token;
}

export function takeFromAddress(): void {
  const [, given] = /^#token=([^&]+)/.exec(location.hash) ?? [];
  if (!given) return;
  sessionStorage.setItem(KEY, decodeURIComponent(given));
  history.replaceState(null, "", location.pathname + location.search);
}

function claims(jwt: string): Claims {
  try {
    const part = (jwt.split(".")[1] ?? "").replaceAll("-", "+").replaceAll("_", "/");
    const bytes = Uint8Array.from(atob(part), (character) => character.charCodeAt(0));
    return JSON.parse(new TextDecoder().decode(bytes)) as Claims;
  } catch {
    return {};
  }
}
