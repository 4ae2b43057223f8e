import { createRoot } from "react-dom/client";
import { ReactSpreadsheetImport } from "react-spreadsheet-import";

import { ADDRESS, COLUMNS } from "./columns.js";

const error = (rule) => ({ ...rule, errorMessage: rule.rule, level: "error" });
const fields = COLUMNS.map(({ key, required, unique, address, values }) => ({
  key,
  label: key,
  fieldType: values
    ? { type: "select", options: values.map((value) => ({ label: value, value })) }
    : { type: "input" },
  validations: [
    ...(required ? [error({ rule: "required" })] : []),
    ...(unique ? [error({ rule: "unique", allowEmpty: true })] : []),
    ...(address ? [error({ rule: "regex", value: `^$|${ADDRESS}` })] : []),
  ],
}));

createRoot(document.getElementById("root")).render(
  <ReactSpreadsheetImport
    isOpen
    onClose={() => {}}
    onSubmit={() => {}}
    fields={fields}
    maxFileSize={1e9}
    autoMapSelectValues
  />,
);
