/** Every word of the page, in English. A translation is another object of this shape. */

import type { Options, ReadingOptions } from "../api/client";
import { bytes, date, listing, number, percent } from "../format";
import { KEPT_HOURS } from "../keep/draft";

const plural = new Intl.PluralRules("en");

/** `3 rows`, `1 row`. */
function count(n: number, one: string, many: string): string {
  return `${number(n)} ${plural.select(n) === "one" ? one : many}`;
}

const rows = (n: number) => count(n, "row", "rows");
const people = (n: number) => count(n, "person", "people");

export const en = {
  product: "Rollcall",
  title: (page: string) => `${page} · Rollcall`,
  skip: "Skip to the content",
  nav: {
    label: "Pages",
    import: "Import",
    history: "History",
    people: "People",
    data: "Your data",
    settings: "Settings",
    inbox: "Inbox",
  },
  organisation: (name: string) => `Organisation ${name}`,
  again: "Try again",
  language: "Language",

  steps: {
    label: "Steps of the import",
    position: (at: number, of: number, name: string) => `Step ${at} of ${of}: ${name}`,
    done: "done",
    upload: "Upload",
    match: "Match columns",
    review: "Review",
    dryRun: "Dry run",
    confirm: "Confirm",
    results: "Results",
  },

  slip: {
    label: "This import",
    file: "File",
    program: "Program",
    duplicates: "Duplicates",
    invite: "Invitations",
    inviteYes: "Sent after the import",
    inviteNo: "Not sent",
    errors: "Rows with errors",
    errorsLeftOut: "Left out",
    errorsStop: "Stop the import",
    passwords: "Passwords",
    passwordsReplaced: "Replaced",
    handEdits: "Edited by hand",
    handEditsReplaced: "Replaced, too",
  },

  kept: {
    says: `Kept in this browser with your edits until you confirm the import. After ${KEPT_HOURS} hours without a change it is deleted at the next visit.`,
    not: "This browser cannot keep the file: a reload of the page would lose it and your edits.",
    forget: "Forget this file",
    forgotten: "The file and its edits are forgotten.",
    sure: (edits: number) => `${count(edits, "edit is", "edits are")} lost with the file. Forget it?`,
  },

  left: {
    heading: (file: string) => `${file} is not imported yet`,
    says: (when: string) => `You last worked on it here ${date(when)}.`,
    goOn: "Go on with it",
  },

  upload: {
    heading: "Import people from a file",
    lead: "Choose what kind of people the file holds, then drop the file. It is checked here, in your browser; nothing is sent until you continue.",
    program: "Program",
    programHint: "Which columns and rules the file is checked against.",
    programMissing: (file: string) => `Choose a program to check ${file}.`,
    required: (fields: number) => `Required columns (${number(fields)})`,
    options: "Options",
    duplicates: "When a row matches a person who is already there",
    handEdits: "Replace what was edited by hand, too",
    handEditsHint: "Otherwise values that somebody of your organisation set here by hand stay as they are.",
    invite: "Send deferred registration e-mails",
    inviteHint:
      "Each new person with an address gets one e-mail after the import has finished. People who were already there get none.",
    allOrNothing: "All or nothing",
    allOrNothingHint:
      "Import only if no row has an error. Otherwise rows with errors are left out and the others are imported.",
    passwords: "Replace passwords",
    passwordsHint:
      "A password in the file replaces the one that the person has. Otherwise only people without a password get one.",
    file: "File",
    drop: "Drop a roster anywhere on this page",
    or: "or",
    browse: "Browse…",
    check: "Check this file",
    limits: (maxRows: number, maxBytes: number) =>
      `CSV, TSV or the like in any usual encoding, or a workbook (XLSX, XLSB, XLS, ODS) of up to 50 MB. Up to ${number(maxRows)} rows and ${bytes(maxBytes)}.`,
    paste: "Paste rows instead",
    pasteLabel: "Rows from a spreadsheet or a CSV file, with their header",
    pasteHint: "Ctrl+V anywhere on this page does the same.",
    pasteCheck: "Check these rows",
    pasted: "pasted.csv",
    own: {
      bring: "Bring a program of your own",
      hint: "A Table Schema in JSON; the file's name becomes the program's.",
      brought: (title: string) => `${title} is there to import by.`,
      replaces: (title: string) =>
        `Put it in the place of ${title}, for everybody in your organisation? Imports made so far keep that one.`,
      delete: (title: string) => `Delete ${title}`,
      sure: (title: string) =>
        `Delete ${title} for everybody in your organisation? Imports made with it stay.`,
      deleted: (title: string) => `${title} is deleted.`,
      checkOnly:
        "Files are checked by this program and cannot be imported: its schema does not say by what a person is found again.",
    },
    starters: "To begin with",
    template: (format: string) => `Template (${format})`,
    dictionary: "Columns explained (CSV)",
    sample: "Try a sample of made-up people",
    sampleLost: "The sample did not load. Try again.",
    dropHere: "Drop the file to check it",
    oneFile: "One file at a time: drop a single file.",
  },

  policies: {
    "fill-missing": {
      name: "Add missing fields",
      says: "Values the person lacks are filled in; values that are there stay.",
    },
    update: {
      name: "Update",
      says: "Values in the file replace what is there; blank cells never erase.",
    },
    skip: { name: "Skip", says: "The person is left as it is, and the row is reported as skipped." },
    reject: { name: "Reject", says: "The row counts as an error and is not imported." },
  },

  match: {
    heading: "Match columns",
    lead: "Which column of the file is which? What was recognised is filled in. Nothing is sent yet.",
    lacking: "Still to be found: choose below which columns these are",
    stays: "Without these columns no row can be imported.",
    again: "Checking again…",
    next: "Continue to review",

    table: "Columns of the file",
    column: "Column in the file",
    samples: "Values",
    target: "Read as",
    why: "Because",
    noHeader: "without a header",
    targetOf: (header: string) => `Read ${header} as`,
    ignore: "Not imported",
    required: "Required",
    others: "Other columns",
    passwords: "Passwords",
    taken: (field: string, header: string) => `${field} (now ${header})`,
    right: "That is right",
    take: (field: string) => `Take it for ${field}`,
    rival: (header: string, field: string) => `\`${header}\` is a name of ${field}, too.`,
    displaced: (header: string) => `${header} is not imported now.`,
    recalled: "Matched as in your last file with these headers.",
    forget: "Forget that",
    reset: "Match by itself again",

    reading: "How the file is read",
    headerIn: (row: number) => `header in row ${number(row)}`,
    sheet: "Sheet",
    allSheets: (names: string[]) => `All together: ${listing(names)}`,
    hiddenSheet: (name: string) => `${name} (hidden)`,
    encoding: "Encoding",
    delimiter: "Between the cells",
    headerRow: "Row of the header",
    dates: "Dates such as 3/4/2011",
    datesUnsaid: "Not said",
    asFound: (what: string) => `As found: ${what}`,
    encodings: {
      "UTF-8": "UTF-8",
      "UTF-16 LE": "UTF-16 LE",
      "UTF-16 BE": "UTF-16 BE",
      "windows-1252": "Windows-1252, Western",
      "windows-1250": "Windows-1250, Central European",
      "ISO-8859-2": "ISO-8859-2, Central European",
      Shift_JIS: "Shift_JIS, Japanese",
      GBK: "GBK, Chinese",
      "Mac Roman": "Mac Roman",
    } satisfies Record<NonNullable<ReadingOptions["encoding"]>, string>,
    delimiters: {
      comma: "comma",
      semicolon: "semicolon",
      tab: "tab",
      pipe: "pipe",
    } satisfies Record<NonNullable<ReadingOptions["delimiter"]>, string>,
    dateOrders: {
      "day-first": "Day first: 3 April",
      "month-first": "Month first: 4 March",
    } satisfies Record<NonNullable<ReadingOptions["dateOrder"]>, string>,
  },

  review: {
    heading: "Review",
    reading: (file: string) => `Checking ${file}`,
    readingLine: (done: number, total: number) => `${bytes(done)} of ${bytes(total)}`,
    rowsSoFar: "rows read",
    errorsSoFar: "with errors",
    warningsSoFar: "with warnings",
    cancel: "Cancel",
    chooseAnother: "Choose another file",
    waiting: "Loading the checker…",

    clean: (n: number) => (n === 1 ? "The row is ready to import." : `All ${rows(n)} are ready to import.`),
    cleanWithWarnings: (n: number, warned: number) =>
      `All ${rows(n)} can be imported; ${count(warned, "has a warning", "have warnings")}.`,
    someErrors: (ready: number, total: number) => `${number(ready)} of ${rows(total)} are ready to import.`,
    noneReady: (n: number) =>
      n === 1
        ? "The only row has an error; nothing can be imported."
        : `All ${rows(n)} have errors; nothing can be imported.`,
    noRows: "The file has a header and no rows.",

    leftOut: (n: number) =>
      `${count(n, "row has errors and will", "rows have errors and will")} be left out. You get ${n === 1 ? "it" : "them"} back as a file that says what is wrong.`,
    blocked: (n: number) =>
      `You chose all or nothing and ${count(n, "row has errors", "rows have errors")}, so nothing will be imported. Mend the file and choose it again, or leave those rows out.`,
    leaveOut: "Leave rows with errors out",
    mendFirst: "Mend the file in your spreadsheet and choose it again.",

    figures: { rows: "rows", ready: "ready", errors: "with errors", warnings: "with warnings" },
    columns: (used: number, total: number) =>
      `${number(used)} of ${count(total, "column", "columns")} recognised`,
    columnsIgnored: (names: string[]) => `Not imported: ${listing(names)}.`,
    columnsList: "Show the columns",
    columnsHide: "Hide the columns",
    columnHeader: "Column in the file",
    columnField: "Read as",
    columnUnused: "not imported",
    columnWhy: "Because",
    columnSamples: "Values",
    columnsChange: "Match the columns",
    reasons: {
      chosen: "You said so",
      exact: "Same name",
      alias: "Other systems' name",
      normalised: "Same but for spelling",
      values: "Its values: check it",
    },
    checkOnly: (program: string) => `${program} rosters can be checked here, and not imported yet.`,
    fileFacts: (encoding: string, delimiter: string, sheets: string[]) =>
      sheets.length > 0
        ? `${sheets.length > 1 ? "Sheets" : "Sheet"} ${listing(sheets)}`
        : `${encoding}, cells separated by ${delimiter}`,
    notRead: (sheets: string[]) => `not read: ${listing(sheets)}`,
    delimiters: { comma: "commas", semicolon: "semicolons", tab: "tabs", pipe: "pipes" } as Record<
      string,
      string
    >,
    notes: "About the file",

    rules: "What was found",
    rulesNone: "No rule was broken.",
    rulesAll: "All rules",
    about: "About this rule",
    why: "Why it matters",
    failing: "Wrong",
    passing: "Right",
    help: "What to do",

    tabs: { label: "Rows to show", errors: "Errors", warnings: "Warnings", all: "All problems" },
    wide: "Show all columns",
    problems: "Rows with problems",
    table: "Table of rows with problems",
    row: "Row",
    problem: "What is wrong",
    error: "Error",
    warning: "Warning",
    blank: "blank",
    rowNumber: (n: number) => `Row ${number(n)}`,
    noneInTab: "No rows here.",
    noProblems: "No problems",
    noProblemsLine: "Every row follows the rules of the program.",
    page: (from: number, to: number, total: number) => `${number(from)}–${number(to)} of ${rows(total)}`,
    pages: "Pages of rows",
    previous: "Previous",
    next: "Next",

    send: "Upload and compare",
    sendHint: "Next: a dry run. Nothing changes yet.",
    preparing: (done: number, total: number) => `Preparing the upload, ${percent(done, total)}`,
    sending: (done: number, total: number) => `Uploading ${bytes(done)} of ${bytes(total)}`,
    interrupted: (done: number, total: number) =>
      `The connection was lost. ${bytes(done)} of ${bytes(total)} arrived; the rest follows as soon as it is back`,
    announceVerdict: (n: number, errors: number, warnings: number) =>
      `Check finished. ${rows(n)}, ${number(errors)} with errors, ${number(warnings)} with warnings.`,

    stoppedHeading: "This file cannot be imported as it is",
    stoppedLead: "No row was looked at further, because the fault concerns the whole file.",
    broken: {
      "too-large": {
        heading: "The file is too large",
        says: (size: number, limit: number) =>
          `It has ${bytes(size)}; up to ${bytes(limit)} can be imported at once. Split it and import the parts one after the other.`,
      },
      unreadable: {
        heading: "The file could not be read",
        says: "It was moved, renamed or saved again since you chose it. Choose it once more.",
      },
      failed: {
        heading: "The check gave up",
        says: "That is our fault and not your file's. Reload the page and try again; if it stays so, tell support which program you chose.",
      },
      program: {
        heading: "Your organisation's program did not load",
        says: "Its columns and rules come from the server, which did not answer. Nothing of your file is lost; try again.",
      },
      unavailable: {
        heading: "The checker did not load",
        says: "Your browser could not load the part that checks files. Reload the page; a browser of the last two years is needed.",
      },
    },
  },

  grid: {
    heading: "The rows, to be edited",
    label: "Rows of the file",
    show: "Show as",
    list: "List of problems",
    table: "Table to edit",
    tabs: { all: "All rows", errors: "Errors", warnings: "Warnings", changed: "Changed" },
    row: "Row",
    column: "Column",
    loading: "…",
    edit: (column: string) => `Edit ${column}`,
    search: "Search the rows",
    find: "Find",
    tools: "Edit the rows",
    undo: "Undo",
    redo: "Redo",
    insert: "Insert row",
    rename: "Rename column",
    header: (column: string) => `the header ${column}`,
    within: "Column with something found in it",
    anywhere: "Found in any column",
    replace: "Find and replace",
    replaceFind: "Find",
    replaceWith: "Replace with",
    replaceColumn: (column: string) => `Only in ${column}`,
    matchCase: "Upper and lower case must match",
    wholeCell: "Only whole cells",
    preview: "Show what would change",
    previousError: "Previous error",
    nextError: "Next error",
    noError: "None of these rows has an error.",
    fixAll: "Fix all",
    fixRule: (rule: string) => `Fix all: ${rule}`,
    download: "Download CSV",
    found: "What was found here",
    nothing: "Nothing was found in this row.",
    mend: "Fix",
    changes: (cells: number, changed: number) =>
      cells > 0
        ? `${count(cells, "cell changes", "cells change")} in ${rows(changed)}`
        : `${count(changed, "row is", "rows are")} deleted`,
    nothingToChange: "There is nothing to change",
    examples: "What would change",
    firstOnly: "These are the first of them.",
    before: "Before",
    after: "After",
    rowDeleted: "row deleted",
    apply: "Apply",
    done: (cells: number, changed: number) => `${count(cells, "cell", "cells")} changed in ${rows(changed)}.`,
    removed: (n: number) => `${count(n, "row", "rows")} deleted.`,
    giveUp: (edits: number) => `This takes back ${count(edits, "edit", "edits")}. Go on?`,
    working: (share: string) => `Checking all rows again, ${share}`,
    stop: "Stop",
    keys: "Arrows move, Enter or F2 edits, Esc gives up an edit, Ctrl+C and Ctrl+V copy and paste, Ctrl+D fills down, Delete empties cells, Ctrl+Minus deletes rows, Ctrl+Z takes back.",
  },

  dryRun: {
    heading: "Dry run",
    waiting: "Waiting for the file to arrive",
    waitingLine: "It was handed over; the server is about to open it.",
    checking: "Comparing with the people who are already there",
    checkingLine:
      "The server checks every row again and looks each person up. You can close this tab; the address of this page stays good.",
    lost: "The file never arrived",
    lostLine: "The upload was interrupted. Choose the file again; nothing was imported.",
    lead: "This is what the import would do. Nothing has changed yet.",
    ofRows: (n: number) => `${rows(n)} in the file`,
    byKind: "By kind",
    mail: (n: number) =>
      n === 0
        ? "Nobody will get an e-mail."
        : `${people(n)} would get a registration e-mail after the import.`,
    mailOff: "Nobody will get an e-mail: registration e-mails are off for this import.",
    download: "Download the dry run",
    next: "Continue to confirm",
    back: "Back to the rows",
    nothing: "There is nothing to change: every accepted row is already there as it is in the file.",
    announce: "The dry run is ready.",
  },

  sameFile: {
    heading: "This file was imported before",
    says: (who: string, when: string, state: string) => `${who} imported the same file ${when} (${state}).`,
    show: "Show that import",
  },

  duplicates: {
    heading: "People who may be there already",
    lead: (undecided: number) =>
      `${count(undecided, "row is", "rows are")} like somebody who is stored or has an earlier row. Unless you decide otherwise, ${undecided === 1 ? "it makes a new person" : "each makes a new person"}.`,
    allDecided: "All rows that are like somebody are decided.",
    tooMany: (most: number) =>
      `An import takes ${number(most)} decisions at most, so no more rows are shown here. Split the file to decide about the others.`,
    row: (row: number, name: string) => `Row ${number(row)}: ${name}`,
    decidedRow: (row: number) => `Row ${number(row)}`,
    like: (name: string, contact: string) => (contact ? `Like ${name}, ${contact}` : `Like ${name}`),
    likeRow: (row: number, name: string) => `Like row ${number(row)} of the file, ${name}`,
    gone: "This person is not there any more.",
    because: {
      "mistyped-name": "one letter of the name differs",
      nickname: "the first name may be a nickname",
      "mistyped-street": "one letter of the street differs",
      "other-address": "same name, other address: moved?",
      "same-birth-date": "same birth date",
    },
    differs: (name: string) => `What differs from ${name}`,
    attribute: "What",
    stored: "Stored",
    said: "In the row",
    choices: {
      same: "Same person",
      sameAs: (name: string) => `Same person as ${name}`,
      different: "Different person",
      "leave-out": "Leave the row out",
    },
    undecided: (n: number) => `For the ${rows(n)} not decided yet:`,
    all: { same: "All the same person", different: "All different people", "leave-out": "Leave all out" },
    several: "Rows that are like several people stay as they are: say there which one.",
    save: (n: number) => `Save ${count(n, "decision", "decisions")}`,
    saveHint: "The dry run is made again with them.",
    saveFirst: "Save your decisions to go on.",
    pages: "Pages of rows to decide about",
    loading: "Loading the rows…",
  },

  outcomes: {
    created: { name: "Created", says: "new people" },
    updated: { name: "Updated", says: "people who change" },
    unchanged: { name: "Unchanged", says: "already as in the file" },
    skipped: { name: "Skipped", says: "left as they are" },
    rejected: { name: "Rejected", says: "rows with errors" },
  },

  kinds: {
    people: {
      name: "People",
      created: "Created",
      updated: "Updated",
      removed: "Removed",
      unchanged: "Unchanged",
      errors: "Errors",
    },
    units: {
      name: "Schools and classes",
      created: "Created",
      updated: "Updated",
      removed: "",
      unchanged: "Unchanged",
      errors: "Errors",
    },
    ties: {
      name: "Enrolments and links",
      created: "Added",
      updated: "Removed",
      removed: "",
      unchanged: "Unchanged",
      errors: "Errors",
    },
    names: {
      student: "Students",
      parent: "Parents",
      client: "Clients",
      educator: "Educators",
      instructor: "Instructors",
      admin: "Administrators",
      school: "Schools",
      class: "Classes",
      enrolment: "Enrolments",
      link: "Parent links",
      "instructor-link": "Instructor links",
      "primary-teacher": "Primary teachers",
      grant: "Admin grants",
    } as Record<string, string>,
  },

  confirm: {
    heading: "Confirm",
    sentence: (file: string, parts: string[]) =>
      parts.length === 0
        ? `Importing ${file} will change nothing.`
        : `Importing ${file} will ${listing(parts)}.`,
    create: (n: number, alike: number) =>
      `create ${count(n, "new person", "new people")}${alike ? ` (${number(alike)} may be there already)` : ""}`,
    update: (n: number) => `update ${people(n)}`,
    others: (n: number) => `change ${count(n, "class, enrolment or link", "classes, enrolments and links")}`,
    leave: (n: number) => `change nothing for ${rows(n)}`,
    reject: (n: number) => `leave out ${count(n, "row", "rows")} with errors`,
    mail: (n: number) =>
      `After the import has finished, ${people(n)} will get one registration e-mail each: those who are new and have an address.`,
    passwords: "Passwords in the file replace those that people have.",
    handEdits: "Values in the file also replace what was edited by hand.",
    noMail: "Nobody gets an e-mail.",
    noMailNew: "Nobody new has an address, so nobody gets an e-mail.",
    button: (n: number) => `Import ${rows(n)}`,
    confirming: "Starting…",
    back: "Back to the dry run",
  },

  hold: {
    heading: "This waits for the number",
    line: ({
      rule,
      people: n,
      of,
      percent: most,
    }: {
      rule: string;
      people: number;
      of: number;
      percent: number;
    }) =>
      `This ${rule === "many-removed" ? "takes something away from" : "changes"} ${number(n)} of ${people(of)}, more than ${number(most)} %.`,
    ask: (n: number) => `Type ${n} to go on.`,
  },

  cancel: {
    button: "Cancel the import",
    stopping: "Stopping…",
    stopped: "Cancelled. What was written until then stands; the rows that are left are in errors.csv.",
  },

  undo: {
    button: "Undo",
    lead: "This is what the undo would do. Nothing has changed yet.",
    sentence: (file: string, parts: string[]) =>
      parts.length === 0
        ? `Undoing the import of ${file} will change nothing.`
        : `Undoing the import of ${file} will ${listing(parts)}.`,
    remove: (n: number) => `remove ${people(n)}`,
    restore: (n: number) => `restore ${people(n)}`,
    keep: (n: number) => `leave ${rows(n)} that somebody changed since`,
    confirm: "Undo the import",
    of: (file: string) => `Undo of ${file}`,
    done: "This import has been undone",
  },

  results: {
    heading: "Results",
    queued: "Waiting for its turn",
    queuedLine: "It starts by itself as soon as no other import of your organisation is being written.",
    applying: "Importing",
    starting: "The first rows are being written",
    applyingLine: "You can close this tab; the import goes on, and this address shows how far it is.",
    progress: (done: number, total: number) => `${number(done)} of ${count(total, "part", "parts")} done`,
    finished: (when?: string | null) => (when ? `Finished ${date(when)}` : "Finished"),
    sum: (n: number) => `${rows(n)} accounted for`,
    byKind: "By kind",
    downloads: "Downloads",
    files: {
      "errors.csv": { name: "Rows with errors", says: "Your columns, and what is wrong and how to mend it." },
      "log.csv": {
        name: "Log",
        says: "Every row: what became of it, whom it matched, what it changed, and why.",
      },
      "report.json": {
        name: "Full report",
        says: "Every count and every finding, for other programs to read.",
      },
      "dry-run.json": { name: "Dry run", says: "What the import would do, for other programs to read." },
    },
    invitations: "Registration e-mails",
    invitationsOff: "None were asked for.",
    invitationsNone: "Nobody new has an address; none are due.",
    sent: (sent: number, due: number) => `${number(sent)} of ${number(due)} sent`,
    undelivered: (n: number) => `${number(n)} could not be sent.`,
    invitable: (n: number) =>
      `${count(n, "new person has an address and has", "new people have an address and have")} not been invited.`,
    inviteLater: (n: number) => `Invite ${people(n)} now`,
    inviteLaterHint: "Each gets one registration e-mail. This can be done once.",
    inviting: "Asking for the e-mails…",
    invited: (n: number) =>
      `${people(n)} will get a registration e-mail. This page counts the ones that are out.`,
    inbox: "Look into the inbox",
    another: "Import another file",
    noFile: "This file is not there: there was nothing to write into it.",
    announceFinished: "The import has finished.",
  },

  stopped: {
    rejected: "The file was not imported",
    failed: "The import stopped, and it was our fault",
    failedHelp:
      "Nothing you did is wrong. Start the import again; what was already written is found again and not doubled.",
    cancelled: "The import was cancelled",
    expired: "The import was not confirmed in time",
    expiredLine: "It was put aside without changing anything. Choose the file again.",
    again: "Import another file",
  },

  history: {
    heading: "History",
    empty: "No imports yet",
    emptyLine: "When you import a file, it is listed here with what became of it.",
    start: "Import a file",
    file: "File",
    program: "Program",
    who: "By",
    when: "When",
    state: "State",
    table: "Imports",
    rows: "Rows",
    counts: "Outcome",
    loading: "Loading the list…",
    by: (who: string, when: string) => `${who}, ${when}`,
    summary: ({ created, updated, rejected }: { created: number; updated: number; rejected: number }) =>
      `${number(created)} created, ${number(updated)} updated, ${number(rejected)} rejected`,
  },

  people: {
    heading: "People",
    lead: "See what is stored of a person, and what which import changed.",
    search: "E-mail address, user name or external ID",
    hint: "Or with commas between them: first name, last name, street, postal code. A name alone, or a part of one, finds nobody.",
    find: "Find",
    finding: "Looking…",
    nobody: "Nobody is found by that",
    nobodyHint: "Write all of it, as it is in the file. Upper and lower case do not matter.",
    found: (n: number) => `${people(n)} found`,
    by: (what: string) => `found by ${what}`,
    foundBy: {
      "e-mail": "e-mail address",
      username: "user name",
      "external ID": "external ID",
      "name and address": "name and address",
    } as Record<string, string>,
    kinds: {
      student: "Student",
      parent: "Parent",
      client: "Client",
      educator: "Educator",
      instructor: "Instructor",
      admin: "Administrator",
    } as Record<string, string>,
    another: "Find somebody else",
    missing: "There is no such person",
    missingHint: "An undo may have removed the person, or the address is of another organisation.",
    attributes: "What is stored",
    byHand: (who: string, when: string) => `by hand: ${who}, ${when}`,
    edit: "Edit",
    editHint: "Mend a mistake without a file.",
    notEditable: "This cannot be edited: the import that made the person is not known any more.",
    blankValues: (n: number) => `${count(n, "value is", "values are")} blank`,
    handHint:
      "Later imports leave what you change here as it is, unless they are asked to replace what was edited by hand.",
    save: "Save",
    leave: "Do not save",
    saved: "Saved. Later imports leave it as it is.",
    meanwhile: "Somebody changed this person meanwhile",
    isNow: (name: string, value: string) => `${name} is now: ${value}`,
    meanwhileHint: "Nothing was saved yet, and what you entered is still here. Look at it, then save again.",
    history: "Imports that changed this person",
    made: "Made the person",
    madeUnknown: "The import that made the person is not known any more.",
    olderImports: "Older ones are not named. The first was:",
    changes: "What it changed",
    atFirst: "At first",
    tieAdded: "Added",
    tieRemoved: "Removed",
    passwordSet: "The password was set.",
    import: (who: string, when: string) => `${who}, ${when}`,
    ties: "Ties",
    noTies:
      "None stand with this person. Classes, and a student's parents and instructors, stand with those.",
    tiesHint: "Classes, and a student's parents and instructors, stand with those.",
    tie: {
      enrolment: (offering: string) => `Enrolled in ${offering}`,
      grant: (offering: string) => `May administer ${offering}`,
      link: (offering: string) => (offering ? `Parent on ${offering} of` : "Parent of"),
      "instructor-link": () => "Instructor of",
      "primary-teacher": (of: string) => `Primary teacher of ${of}`,
    } as Record<string, (offering: string) => string>,
    invitation: "Registration e-mail",
    invitations: {
      none: "None was sent.",
      pending: "Waits to be sent.",
      sent: (when: string) => (when ? `Sent ${when}.` : "Sent."),
      failed: "Could not be sent.",
      undelivered: "Came back: the mailbox could not be reached.",
      bounced: "Came back: the address does not exist. Correct it before another is sent.",
      suppressed: "Not sent: earlier e-mails to this address came back. Correct it before another is sent.",
      complained: "Was reported as unwanted. No other is sent to this address.",
      corrected: "The last one was for an earlier address. You can send one to the new address.",
      registered: "The person has registered.",
    },
    correct: "Correct the address",
    noAddress: "The person has no e-mail address, so none can be sent.",
    invite: "Send one",
    inviteAgain: "Send it again",
    inviteHint: "It goes out with the next e-mails. A link in an earlier one stops working.",
    inviting: "Asking…",
    asked: "It goes out with the next e-mails.",
  },

  data: {
    heading: "Download your data",
    lead: "Your organisation's people as a roster. Importing it again as it is changes nothing.",
    program: "In the columns of",
    kind: "Whom",
    everybody: "Everybody",
    school: "Of one school alone",
    class: "Of one class alone",
    identifier: "Its identifier in the roster. Blank for all.",
    format: "As",
    formats: { xlsx: "Workbook (XLSX), up to 100,000 rows", csv: "CSV" },
    make: "Prepare the file",
    making: "The file is being prepared",
    made: (n: number) => `The file is ready: ${rows(n)}`,
    nobody: "There is nobody to download",
    leftOut: (n: number) =>
      `${count(n, "person has no row of their own", "people have no rows of their own")}, because the program would not accept one: a parent, for example, is in the child's row.`,
    again: "It holds personal data: keep it where only those who need it can read it.",
    download: "Download",
  },

  settings: {
    heading: "Settings",
    holds: "When an import waits for a second look",
    holdsHint:
      "An import that goes beyond one of these parts of your organisation's people is held until somebody types the number of people. 100 never holds.",
    parts: {
      removedPercent: {
        name: "Something is taken away from more than",
        says: "An enrolment, a right or a link; by an undo also the person.",
      },
      updatedPercent: { name: "Something is changed of more than", says: "Values that people have." },
    },
    people: "people",
    atLeast: {
      name: "But never for fewer than",
      says: "In a small organisation every edit is a large part.",
    },
    drops: {
      heading: "Files that import themselves",
      lead: "A school's own system can put files straight into the bucket, every night if it likes. Files of a program that is ticked here are imported as they arrive: nobody looks at a dry run first, and nobody confirms. Files of the others are refused.",
      safe: "An import that goes beyond the limits above still waits for a person. Each stands in the history, in the name of whoever saved these settings last, and can be undone there.",
      folder: "from the folder",
      how: (program: string) => `How dropped files of ${program} are imported`,
      happens: "This happens with each file, without anybody's confirming it:",
      does: ({ duplicates, invite, allOrNothing, overwritePasswords, overwriteHandEdits }: Options) => [
        invite
          ? "New people are made, and those who have an address get a registration e-mail after the import."
          : "New people are made. Nobody gets an e-mail.",
        `Where a person is already there: ${en.policies[duplicates].says}`,
        ...(overwriteHandEdits ? [en.confirm.handEdits] : []),
        ...(overwritePasswords ? [en.confirm.passwords] : []),
        allOrNothing
          ? "If any row has an error, nothing of the file is imported."
          : "Rows with errors are left out; all others are imported.",
      ],
    },
    save: "Save",
    saved: "Saved",
  },

  states: {
    created: "Waiting for the file",
    checking: "Checking",
    ready: "Waits for you",
    queued: "Queued",
    applying: "Importing",
    finished: "Finished",
    rejected: "Rejected",
    failed: "Failed",
    expired: "Expired",
    cancelled: "Cancelled",
  },

  trouble: {
    offline: {
      heading: "No connection",
      says: "The server does not answer. What you did is kept; it goes on when the connection is back.",
    },
    expired: {
      heading: "You are signed out",
      says: "Your sign-in has ended or is missing. Open Rollcall from your platform again, then come back to this address.",
    },
    missing: { heading: "No such import", says: "Your organisation has no import at this address." },
    gone: {
      heading: "This is no longer kept",
      says: "What an import changed is removed some time afterwards. The import itself stays in the history.",
    },
    refused: { heading: "The server refused", says: "" },
    changed: {
      heading: "The file has changed",
      says: "It is not the file that was checked any more. Choose it again; nothing was imported.",
    },
    server: {
      heading: "The server has a problem",
      says: "That is our fault. Nothing was lost; try again in a moment.",
    },
  },

  /** What is called otherwise than its name in the data says. */
  attributes: {
    email: "E-mail",
    username: "User name",
    externalId: "External ID",
    street1: "Street",
    street2: "Street, second line",
    districtId: "District ID",
    stateId: "State ID",
    schoolId: "School ID",
    clickEventId: "Click event ID",
    ellStatus: "ELL status",
    iepStatus: "IEP status",
  } as Record<string, string>,
  blank: "blank",
  yes: "yes",
  no: "no",
  nameless: "somebody without a name",
  loading: "Loading…",
  date,
};

export type Words = typeof en;
