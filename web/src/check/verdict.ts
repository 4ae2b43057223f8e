/** The verdict on a file in one sentence. */

import { words } from "../words";
import type { Summary } from "./messages";

export function sentenceOf({ rows, rowsWithErrors, rowsWithWarnings }: Summary): string {
  const ready = rows - rowsWithErrors;
  if (rows === 0) return words.review.noRows;
  if (ready === 0) return words.review.noneReady(rows);
  if (rowsWithErrors > 0) return words.review.someErrors(ready, rows);
  if (rowsWithWarnings > 0) return words.review.cleanWithWarnings(rows, rowsWithWarnings);
  return words.review.clean(rows);
}
