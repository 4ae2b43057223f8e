import { renderImporter } from "hello-csv/bundled";
import "hello-csv/bundled/hello-csv.css";

import { ADDRESS, COLUMNS } from "./columns.js";

const columns = COLUMNS.map(({ key, required, unique, address, values }) => ({
  id: key,
  label: key,
  type: values ? "enum" : "string",
  ...(values && { typeArguments: { values: values.map((value) => ({ label: value, value })) } }),
  validators: [
    ...(required ? [{ validate: "required" }] : []),
    ...(unique ? [{ validate: "unique" }] : []),
    ...(address ? [{ validate: "regex_matches", regex: new RegExp(ADDRESS), error: "no address" }] : []),
  ],
}));

renderImporter(document.getElementById("root"), {
  sheets: [{ id: "roster", label: "Roster", columns }],
  maxFileSizeInBytes: 1e9,
  onComplete: async () => {},
});
