/** The API as the page uses it. Types come from the OpenAPI document (`npm run generate`). */

import createClient from "openapi-fetch";

import type { components, paths } from "./schema";
import { forget, token } from "./session.svelte";
import { refusal } from "./trouble";

type Schemas = components["schemas"];
export type Import = Schemas["ImportView"];
/** What is chosen of the import, apart from how its file is read. */
export type Options = Omit<Schemas["Options"], "reading">;
export const DEFAULT_OPTIONS: Options = {
  duplicates: "fill-missing",
  invite: false,
  allOrNothing: false,
  overwritePasswords: false,
  overwriteHandEdits: false,
};
export type ReadingOptions = Schemas["ReadingOptions"];
export type Outcomes = Schemas["Outcomes"];
export type NewImport = Schemas["NewImport"];
export type ExportRequest = Schemas["Export"];
export type Export = Schemas["ExportView"];
export type Settings = Schemas["Settings"];
export type OwnProgram = Schemas["ProgramView"];
export type UploadRequest = Schemas["UploadRequest"];
export type RowDecision = Schemas["RowDecision"];
export type FoundPerson = Schemas["FoundPerson"];
export type Person = Schemas["PersonView"];
export type PersonChanges = Schemas["PersonChangesView"];
export type ImportName = Schemas["ImportName"];
export type Tie = Schemas["TieView"];
export type PersonEdit = Schemas["PersonEdit"];
export type ResultName = "dry-run.json" | "report.json" | "log.csv" | "errors.csv";

const api = createClient<paths>({ baseUrl: "/" });

api.use({
  async onRequest({ request }) {
    request.headers.set("authorization", `Bearer ${await token()}`);
    return request;
  },
});

/** An import whose file is to be sent, and the requests that send it. */
export interface Begun {
  id: string;
  /** Whether it was announced part by part, and has to be completed. */
  inParts: boolean;
  requests: UploadRequest[];
}

export async function listPrograms(): Promise<OwnProgram[]> {
  return (await answer(() => api.GET("/api/programs"))).programs;
}

/** Stores a Table Schema, as it is, as the organisation's program of that name. */
export function bringProgram(name: string, schema: string): Promise<OwnProgram> {
  const body = { params: { path: { name } }, body: schema, bodySerializer: (text: string) => text };
  return answer(() => api.PUT("/api/programs/{name}", body));
}

export function deleteProgram(name: string): Promise<OwnProgram> {
  return answer(() => api.DELETE("/api/programs/{name}", { params: { path: { name } } }));
}

export function createImport(body: NewImport) {
  return answer(() => api.POST("/api/imports", { body }));
}

/** What is missing of an import's file, signed anew. */
export async function resumeUpload(id: string): Promise<UploadRequest[]> {
  return (await answer(() => api.POST("/api/imports/{id}/upload", { params: { path: { id } } }))).requests;
}

/** Says that every part of an import's file was sent. */
export function completeUpload(id: string): Promise<Import> {
  return answer(() => api.POST("/api/imports/{id}/upload/complete", { params: { path: { id } } }));
}

export async function listImports(): Promise<Import[]> {
  return (await answer(() => api.GET("/api/imports"))).imports;
}

export function getImport(id: string): Promise<Import> {
  return answer(() => api.GET("/api/imports/{id}", { params: { path: { id } } }));
}

/** A held import is confirmed with the number of people that it touches. */
export function confirmImport(id: string, acknowledge: number | null): Promise<Import> {
  return answer(() =>
    api.POST("/api/imports/{id}/confirm", { params: { path: { id } }, body: { acknowledge } }),
  );
}

export function cancelImport(id: string): Promise<Import> {
  return answer(() => api.POST("/api/imports/{id}/cancel", { params: { path: { id } } }));
}

/** Decides about rows that may be of people who are there already; the dry run is made anew. */
export function decide(id: string, decisions: RowDecision[]): Promise<Import> {
  return answer(() =>
    api.POST("/api/imports/{id}/decisions", { params: { path: { id } }, body: { decisions } }),
  );
}

/** Invites the new people of a finished import that did not do so. */
export function inviteLater(id: string): Promise<Import> {
  return answer(() => api.POST("/api/imports/{id}/invitations", { params: { path: { id } } }));
}

export function getPerson(id: string): Promise<Person> {
  return answer(() => api.GET("/api/people/{id}", { params: { path: { id } } }));
}

/** What one of the person's imports changed of the person. */
export function personChanges(id: string, imported: string): Promise<PersonChanges> {
  const path = "/api/people/{id}/imports/{import}";
  return answer(() => api.GET(path, { params: { path: { id, import: imported } } }));
}

/** Edits a person by hand; refused if the person is another version by now. */
export function editPerson(id: string, body: PersonEdit): Promise<Person> {
  return answer(() => api.PATCH("/api/people/{id}", { params: { path: { id } }, body }));
}

/** Finds people by what identifies them; a name alone finds nobody. */
export async function findPeople(q: string): Promise<FoundPerson[]> {
  return (await answer(() => api.GET("/api/people", { params: { query: { q } } }))).people;
}

/** Sends a person another registration e-mail; the one before stops to work. */
export function inviteAgain(id: string): Promise<Person> {
  return answer(() => api.POST("/api/people/{id}/invitation", { params: { path: { id } } }));
}

/** Makes the import that takes another one back. */
export function undoImport(id: string): Promise<Import> {
  return answer(() => api.POST("/api/imports/{id}/undo", { params: { path: { id } } }));
}

/** A signed address, good for five minutes, that downloads the file. */
export async function resultAddress(id: string, name: ResultName): Promise<string> {
  const path = "/api/imports/{id}/results/{name}";
  return (await answer(() => api.GET(path, { params: { path: { id, name } } }))).url;
}

/** Asks for people in a program's columns; the file is made in the background. */
export function askExport(body: ExportRequest): Promise<Export> {
  return answer(() => api.POST("/api/exports", { body }));
}

/** Whether the file is there; if it is, with an address that downloads it, good for five minutes. */
export function getExport(id: string): Promise<Export> {
  return answer(() => api.GET("/api/exports/{id}", { params: { path: { id } } }));
}

export function getSettings(): Promise<Settings> {
  return answer(() => api.GET("/api/settings"));
}

export function settle(body: Settings): Promise<Settings> {
  return answer(() => api.PUT("/api/settings", { body }));
}

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** The body of a good answer. A token that ran out is renewed once, where it can be. */
async function answer<T>(ask: () => Promise<Answer<T>>): Promise<T> {
  let result = await ask();
  if (result.response.status === 401) {
    forget();
    result = await ask();
  }
  if (result.data === undefined) throw refusal(result.response.status, result.error);
  return result.data;
}
