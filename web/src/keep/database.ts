/** The browser's database under this origin, as promises. */

const NAME = "rollcall";
const VERSION = 1;

/** Facts of each draft, the file of each, and its edits in their order (`[draft, number]`). */
export type Table = "drafts" | "files" | "edits";

let opening: Promise<IDBDatabase> | null = null;

/** Does all of this or nothing, and gives what the last of it found. */
export async function transact<T>(
  tables: Table[],
  work: (table: (name: Table) => IDBObjectStore) => IDBRequest<T>,
): Promise<T> {
  const database = await (opening ??= open());
  const transaction = database.transaction(tables, "readwrite");
  const last = work((name) => transaction.objectStore(name));
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve(last.result);
    transaction.onabort = () => reject(transaction.error ?? last.error ?? new Error("aborted"));
  });
}

/** The keys of all edits of a draft. */
export function editsOf(draft: string): IDBKeyRange {
  return IDBKeyRange.bound([draft, 0], [draft, Infinity]);
}

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, VERSION);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("drafts", { keyPath: "id" });
      request.result.createObjectStore("files");
      request.result.createObjectStore("edits");
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("no database"));
  });
}
