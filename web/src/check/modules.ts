/** The modules that only some files need; each is loaded when the first such file comes. */

import encodingAddress from "../wasm/rollcall_encoding_bg.wasm?url";
import workbookAddress from "../wasm/rollcall_workbook_bg.wasm?url";

export const encodings = once(async () => {
  const module = await import("../wasm/rollcall_encoding");
  await module.default({ module_or_path: encodingAddress });
  return module;
});

export const workbooks = once(async () => {
  const module = await import("../wasm/rollcall_workbook");
  await module.default({ module_or_path: workbookAddress });
  return module;
});

/** Loads once; again only after it failed. */
function once<T>(load: () => Promise<T>): () => Promise<T> {
  let loading: Promise<T> | null = null;
  return () => {
    loading ??= load().catch((error: unknown) => {
      loading = null;
      throw error;
    });
    return loading;
  };
}
