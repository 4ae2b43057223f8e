/** Every word of the page, in German. */

import { bytes, date, listing, number, percent } from "../format";
import { KEPT_HOURS } from "../keep/draft";
import type { Words } from "./en";

const plural = new Intl.PluralRules("de");

/** `3 Zeilen`, `1 Zeile`. */
function count(n: number, one: string, many: string): string {
  return `${number(n)} ${plural.select(n) === "one" ? one : many}`;
}

const rows = (n: number) => count(n, "Zeile", "Zeilen");
const people = (n: number) => count(n, "Person", "Personen");

export const de: Words = {
  product: "Rollcall",
  title: (page) => `${page} · Rollcall`,
  skip: "Zum Inhalt springen",
  nav: {
    label: "Seiten",
    import: "Import",
    history: "Verlauf",
    people: "Personen",
    data: "Ihre Daten",
    settings: "Einstellungen",
    inbox: "Posteingang",
  },
  organisation: (name) => `Organisation ${name}`,
  again: "Noch einmal versuchen",
  language: "Sprache",

  steps: {
    label: "Schritte des Imports",
    position: (at, of, name) => `Schritt ${at} von ${of}: ${name}`,
    done: "erledigt",
    upload: "Datei",
    match: "Spalten zuordnen",
    review: "Prüfen",
    dryRun: "Probelauf",
    confirm: "Bestätigen",
    results: "Ergebnis",
  },

  slip: {
    label: "Dieser Import",
    file: "Datei",
    program: "Programm",
    duplicates: "Dubletten",
    invite: "Einladungen",
    inviteYes: "Werden nach dem Import gesendet",
    inviteNo: "Werden nicht gesendet",
    errors: "Zeilen mit Fehlern",
    errorsLeftOut: "Werden ausgelassen",
    errorsStop: "Halten den Import auf",
    passwords: "Passwörter",
    passwordsReplaced: "Werden ersetzt",
    handEdits: "Von Hand geändert",
    handEditsReplaced: "Wird auch ersetzt",
  },

  kept: {
    says: `Samt Ihren Änderungen in diesem Browser aufbewahrt, bis Sie den Import bestätigen. Nach ${KEPT_HOURS} Stunden ohne Änderung wird alles beim nächsten Besuch gelöscht.`,
    not: "Dieser Browser kann die Datei nicht aufbewahren: Beim Neuladen der Seite gingen sie und Ihre Änderungen verloren.",
    forget: "Diese Datei vergessen",
    forgotten: "Die Datei und ihre Änderungen sind vergessen.",
    sure: (edits) =>
      `Mit der Datei ${edits === 1 ? "geht eine Änderung" : `gehen ${number(edits)} Änderungen`} verloren. Vergessen?`,
  },

  left: {
    heading: (file) => `${file} ist noch nicht importiert`,
    says: (when) => `Zuletzt haben Sie hier am ${date(when)} daran gearbeitet.`,
    goOn: "Damit weitermachen",
  },

  upload: {
    heading: "Personen aus einer Datei importieren",
    lead: "Wählen Sie, welche Personen in der Datei stehen, und legen Sie die Datei hier ab. Sie wird hier in Ihrem Browser geprüft; gesendet wird nichts, bevor Sie weitermachen.",
    program: "Programm",
    programHint: "Nach welchen Spalten und Regeln die Datei geprüft wird.",
    programMissing: (file) => `Wählen Sie ein Programm, um ${file} zu prüfen.`,
    required: (fields) => `Pflichtspalten (${number(fields)})`,
    options: "Einstellungen",
    duplicates: "Wenn eine Zeile zu einer Person passt, die es schon gibt",
    handEdits: "Auch ersetzen, was von Hand geändert wurde",
    handEditsHint:
      "Sonst bleiben Werte, die jemand Ihrer Organisation hier von Hand gesetzt hat, wie sie sind.",
    invite: "Nach dem Import E-Mails zur Registrierung senden",
    inviteHint:
      "Jede neue Person mit Adresse bekommt eine E-Mail, wenn der Import fertig ist. Wer schon da war, bekommt keine.",
    allOrNothing: "Alles oder nichts",
    allOrNothingHint:
      "Nur importieren, wenn keine Zeile einen Fehler hat. Sonst werden Zeilen mit Fehlern ausgelassen und die anderen importiert.",
    passwords: "Passwörter ersetzen",
    passwordsHint:
      "Ein Passwort in der Datei ersetzt das, das die Person hat. Sonst bekommt nur eines, wer keines hat.",
    file: "Datei",
    drop: "Legen Sie eine Liste irgendwo auf dieser Seite ab",
    or: "oder",
    browse: "Durchsuchen …",
    check: "Diese Datei prüfen",
    limits: (maxRows, maxBytes) =>
      `CSV, TSV oder Ähnliches in jeder üblichen Kodierung, oder eine Arbeitsmappe (XLSX, XLSB, XLS, ODS) bis 50 MB. Bis zu ${number(maxRows)} Zeilen und ${bytes(maxBytes)}.`,
    paste: "Stattdessen Zeilen einfügen",
    pasteLabel: "Zeilen aus einer Tabelle oder CSV-Datei, mit Kopfzeile",
    pasteHint: "Strg+V irgendwo auf dieser Seite tut dasselbe.",
    pasteCheck: "Diese Zeilen prüfen",
    pasted: "eingefuegt.csv",
    own: {
      bring: "Ein eigenes Programm mitbringen",
      hint: "Ein Table Schema als JSON; der Name der Datei wird der des Programms.",
      brought: (title) => `Nach ${title} kann jetzt importiert werden.`,
      replaces: (title) =>
        `An die Stelle von ${title} setzen, für alle in Ihrer Organisation? Bisherige Importe behalten jenes.`,
      delete: (title) => `${title} löschen`,
      sure: (title) => `${title} für alle in Ihrer Organisation löschen? Importe damit bleiben bestehen.`,
      deleted: (title) => `${title} ist gelöscht.`,
      checkOnly:
        "Dateien werden nach diesem Programm geprüft und können nicht importiert werden: Sein Schema sagt nicht, woran eine Person wiedererkannt wird.",
    },
    starters: "Für den Anfang",
    template: (format) => `Vorlage (${format})`,
    dictionary: "Spalten erklärt (CSV)",
    sample: "Ein Beispiel mit erfundenen Personen ausprobieren",
    sampleLost: "Das Beispiel ließ sich nicht laden. Versuchen Sie es noch einmal.",
    dropHere: "Datei hier loslassen, um sie zu prüfen",
    oneFile: "Nur eine Datei auf einmal: Legen Sie eine einzige ab.",
  },

  policies: {
    "fill-missing": {
      name: "Fehlendes ergänzen",
      says: "Was der Person fehlt, wird eingetragen; was da ist, bleibt.",
    },
    update: {
      name: "Aktualisieren",
      says: "Werte der Datei ersetzen, was da ist; leere Zellen löschen nie etwas.",
    },
    skip: {
      name: "Überspringen",
      says: "Die Person bleibt, wie sie ist, und die Zeile wird als übersprungen gemeldet.",
    },
    reject: { name: "Ablehnen", says: "Die Zeile gilt als Fehler und wird nicht importiert." },
  },

  match: {
    heading: "Spalten zuordnen",
    lead: "Welche Spalte der Datei ist welche? Was erkannt wurde, ist eingetragen. Noch wird nichts gesendet.",
    lacking: "Noch zu finden: Wählen Sie unten, welche Spalten das sind",
    stays: "Ohne diese Spalten kann keine Zeile importiert werden.",
    again: "Wird noch einmal geprüft …",
    next: "Weiter zum Prüfen",

    table: "Spalten der Datei",
    column: "Spalte in der Datei",
    samples: "Werte",
    target: "Gelesen als",
    why: "Weil",
    noHeader: "ohne Überschrift",
    targetOf: (header) => `${header} lesen als`,
    ignore: "Nicht importiert",
    required: "Pflicht",
    others: "Andere Spalten",
    passwords: "Passwörter",
    taken: (field, header) => `${field} (jetzt ${header})`,
    right: "Das stimmt",
    take: (field) => `Für ${field} nehmen`,
    rival: (header, field) => `Auch \`${header}\` ist ein Name für ${field}.`,
    displaced: (header) => `${header} wird jetzt nicht importiert.`,
    recalled: "Zugeordnet wie in Ihrer letzten Datei mit diesen Überschriften.",
    forget: "Das vergessen",
    reset: "Wieder von selbst zuordnen",

    reading: "Wie die Datei gelesen wird",
    headerIn: (row) => `Kopfzeile in Zeile ${number(row)}`,
    sheet: "Tabellenblatt",
    allSheets: (names) => `Alle zusammen: ${listing(names)}`,
    hiddenSheet: (name) => `${name} (ausgeblendet)`,
    encoding: "Kodierung",
    delimiter: "Zwischen den Zellen",
    headerRow: "Zeile der Überschriften",
    dates: "Datumsangaben wie 3/4/2011",
    datesUnsaid: "Nicht angegeben",
    asFound: (what) => `Wie gefunden: ${what}`,
    encodings: {
      "UTF-8": "UTF-8",
      "UTF-16 LE": "UTF-16 LE",
      "UTF-16 BE": "UTF-16 BE",
      "windows-1252": "Windows-1252, westlich",
      "windows-1250": "Windows-1250, mitteleuropäisch",
      "ISO-8859-2": "ISO-8859-2, mitteleuropäisch",
      Shift_JIS: "Shift_JIS, japanisch",
      GBK: "GBK, chinesisch",
      "Mac Roman": "Mac Roman",
    },
    delimiters: { comma: "Komma", semicolon: "Semikolon", tab: "Tabulator", pipe: "senkrechter Strich" },
    dateOrders: { "day-first": "Tag zuerst: 3. April", "month-first": "Monat zuerst: 4. März" },
  },

  review: {
    heading: "Prüfen",
    reading: (file) => `${file} wird geprüft`,
    readingLine: (done, total) => `${bytes(done)} von ${bytes(total)}`,
    rowsSoFar: "Zeilen gelesen",
    errorsSoFar: "mit Fehlern",
    warningsSoFar: "mit Warnungen",
    cancel: "Abbrechen",
    chooseAnother: "Andere Datei wählen",
    waiting: "Die Prüfung wird geladen …",

    clean: (n) =>
      n === 1 ? "Die Zeile kann importiert werden." : `Alle ${rows(n)} können importiert werden.`,
    cleanWithWarnings: (n, warned) =>
      n === 1
        ? "Die Zeile kann importiert werden; sie hat eine Warnung."
        : `Alle ${rows(n)} können importiert werden; ${count(warned, "hat eine Warnung", "haben Warnungen")}.`,
    someErrors: (ready, total) =>
      `${number(ready)} von ${rows(total)} ${ready === 1 ? "kann" : "können"} importiert werden.`,
    noneReady: (n) =>
      n === 1
        ? "Die einzige Zeile hat einen Fehler; nichts kann importiert werden."
        : `Alle ${rows(n)} haben Fehler; nichts kann importiert werden.`,
    noRows: "Die Datei hat Überschriften und keine Zeilen.",

    leftOut: (n) =>
      `${count(n, "Zeile hat Fehler und wird", "Zeilen haben Fehler und werden")} ausgelassen. Sie bekommen ${n === 1 ? "sie" : "alle"} zurück als Datei, die sagt, was falsch ist.`,
    blocked: (n) =>
      `Sie haben „Alles oder nichts“ gewählt, und ${count(n, "Zeile hat", "Zeilen haben")} Fehler, also wird nichts importiert. Verbessern Sie die Datei und wählen Sie sie noch einmal, oder lassen Sie diese Zeilen aus.`,
    leaveOut: "Zeilen mit Fehlern auslassen",
    mendFirst: "Verbessern Sie die Datei in Ihrer Tabelle und wählen Sie sie noch einmal.",

    figures: { rows: "Zeilen", ready: "bereit", errors: "mit Fehlern", warnings: "mit Warnungen" },
    columns: (used, total) => `${number(used)} von ${count(total, "Spalte", "Spalten")} erkannt`,
    columnsIgnored: (names) => `Nicht importiert: ${listing(names)}.`,
    columnsList: "Spalten zeigen",
    columnsHide: "Spalten verbergen",
    columnHeader: "Spalte in der Datei",
    columnField: "Gelesen als",
    columnUnused: "nicht importiert",
    columnWhy: "Weil",
    columnSamples: "Werte",
    columnsChange: "Spalten zuordnen",
    reasons: {
      chosen: "Sie haben es gesagt",
      exact: "Gleicher Name",
      alias: "Name in anderen Systemen",
      normalised: "Gleich bis auf die Schreibung",
      values: "Ihre Werte: bitte ansehen",
    },
    checkOnly: (program) => `Listen für ${program} können hier geprüft, aber noch nicht importiert werden.`,
    fileFacts: (encoding, delimiter, sheets) =>
      sheets.length > 0
        ? `${sheets.length > 1 ? "Tabellenblätter" : "Tabellenblatt"} ${listing(sheets)}`
        : `${encoding}, Zellen durch ${delimiter} getrennt`,
    notRead: (sheets) => `nicht gelesen: ${listing(sheets)}`,
    delimiters: {
      comma: "Kommas",
      semicolon: "Semikolons",
      tab: "Tabulatoren",
      pipe: "senkrechte Striche",
    },
    notes: "Zur Datei",

    rules: "Was gefunden wurde",
    rulesNone: "Keine Regel wurde verletzt.",
    rulesAll: "Alle Regeln",
    about: "Über diese Regel",
    why: "Warum es wichtig ist",
    failing: "Falsch",
    passing: "Richtig",
    help: "Was zu tun ist",

    tabs: { label: "Welche Zeilen", errors: "Fehler", warnings: "Warnungen", all: "Alles Gefundene" },
    wide: "Alle Spalten zeigen",
    problems: "Zeilen, in denen etwas gefunden wurde",
    table: "Tabelle der Zeilen, in denen etwas gefunden wurde",
    row: "Zeile",
    problem: "Was falsch ist",
    error: "Fehler",
    warning: "Warnung",
    blank: "leer",
    rowNumber: (n) => `Zeile ${number(n)}`,
    noneInTab: "Hier sind keine Zeilen.",
    noProblems: "Nichts zu beanstanden",
    noProblemsLine: "Jede Zeile folgt den Regeln des Programms.",
    page: (from, to, total) => `${number(from)}–${number(to)} von ${rows(total)}`,
    pages: "Seiten mit Zeilen",
    previous: "Vorige",
    next: "Nächste",

    send: "Hochladen und vergleichen",
    sendHint: "Als Nächstes: ein Probelauf. Noch ändert sich nichts.",
    preparing: (done, total) => `Das Hochladen wird vorbereitet, ${percent(done, total)}`,
    sending: (done, total) => `${bytes(done)} von ${bytes(total)} hochgeladen`,
    interrupted: (done, total) =>
      `Die Verbindung ist abgebrochen. ${bytes(done)} von ${bytes(total)} sind angekommen; der Rest folgt, sobald sie wieder da ist`,
    announceVerdict: (n, errors, warnings) =>
      `Prüfung beendet. ${rows(n)}, ${number(errors)} mit Fehlern, ${number(warnings)} mit Warnungen.`,

    stoppedHeading: "So kann diese Datei nicht importiert werden",
    stoppedLead: "Die Zeilen wurden nicht weiter angesehen, weil der Fehler die ganze Datei betrifft.",
    broken: {
      "too-large": {
        heading: "Die Datei ist zu groß",
        says: (size, limit) =>
          `Sie hat ${bytes(size)}; bis zu ${bytes(limit)} können auf einmal importiert werden. Teilen Sie sie und importieren Sie die Teile nacheinander.`,
      },
      unreadable: {
        heading: "Die Datei konnte nicht gelesen werden",
        says: "Sie wurde verschoben, umbenannt oder neu gespeichert, seit Sie sie gewählt haben. Wählen Sie sie noch einmal.",
      },
      failed: {
        heading: "Die Prüfung hat aufgegeben",
        says: "Das liegt an uns und nicht an Ihrer Datei. Laden Sie die Seite neu und versuchen Sie es noch einmal; wenn es so bleibt, sagen Sie dem Support, welches Programm Sie gewählt haben.",
      },
      program: {
        heading: "Das Programm Ihrer Organisation ließ sich nicht laden",
        says: "Seine Spalten und Regeln kommen vom Server, der nicht geantwortet hat. Von Ihrer Datei ist nichts verloren; versuchen Sie es noch einmal.",
      },
      unavailable: {
        heading: "Die Prüfung ließ sich nicht laden",
        says: "Ihr Browser konnte den Teil nicht laden, der Dateien prüft. Laden Sie die Seite neu; nötig ist ein Browser der letzten zwei Jahre.",
      },
    },
  },

  grid: {
    heading: "Die Zeilen, zum Bearbeiten",
    label: "Zeilen der Datei",
    show: "Zeigen als",
    list: "Liste der Probleme",
    table: "Tabelle zum Bearbeiten",
    tabs: { all: "Alle Zeilen", errors: "Fehler", warnings: "Warnungen", changed: "Geändert" },
    row: "Zeile",
    column: "Spalte",
    loading: "…",
    edit: (column) => `${column} bearbeiten`,
    search: "Zeilen durchsuchen",
    find: "Suchen",
    tools: "Zeilen bearbeiten",
    undo: "Rückgängig",
    redo: "Wiederholen",
    insert: "Zeile einfügen",
    rename: "Spalte umbenennen",
    header: (column) => `Überschrift ${column}`,
    within: "Spalte, in der etwas gefunden wurde",
    anywhere: "In jeder Spalte",
    replace: "Suchen und ersetzen",
    replaceFind: "Suchen nach",
    replaceWith: "Ersetzen durch",
    replaceColumn: (column) => `Nur in ${column}`,
    matchCase: "Groß- und Kleinschreibung beachten",
    wholeCell: "Nur ganze Zellen",
    preview: "Zeigen, was sich ändern würde",
    previousError: "Voriger Fehler",
    nextError: "Nächster Fehler",
    noError: "Keine dieser Zeilen hat einen Fehler.",
    fixAll: "Alle beheben",
    fixRule: (rule) => `Alle beheben: ${rule}`,
    download: "CSV herunterladen",
    found: "Was hier gefunden wurde",
    nothing: "In dieser Zeile wurde nichts gefunden.",
    mend: "Beheben",
    changes: (cells, changed) =>
      cells > 0
        ? `${count(cells, "Zelle ändert sich", "Zellen ändern sich")} in ${rows(changed)}`
        : `${count(changed, "Zeile wird", "Zeilen werden")} gelöscht`,
    nothingToChange: "Es gibt nichts zu ändern",
    examples: "Was sich ändern würde",
    firstOnly: "Das sind die ersten davon.",
    before: "Vorher",
    after: "Nachher",
    rowDeleted: "Zeile gelöscht",
    apply: "Anwenden",
    done: (cells, changed) => `${count(cells, "Zelle", "Zellen")} in ${rows(changed)} geändert.`,
    removed: (n) => `${count(n, "Zeile", "Zeilen")} gelöscht.`,
    giveUp: (edits) => `Das macht ${count(edits, "Änderung", "Änderungen")} rückgängig. Weiter?`,
    working: (share) => `Alle Zeilen werden noch einmal geprüft, ${share}`,
    stop: "Anhalten",
    keys: "Pfeile bewegen, Eingabe oder F2 bearbeitet, Esc gibt eine Änderung auf, Strg+C und Strg+V kopieren und fügen ein, Strg+D füllt nach unten aus, Entf leert Zellen, Strg+Minus löscht Zeilen, Strg+Z macht rückgängig.",
  },

  dryRun: {
    heading: "Probelauf",
    waiting: "Warten auf die Datei",
    waitingLine: "Sie ist übergeben; der Server öffnet sie gleich.",
    checking: "Vergleich mit den Personen, die es schon gibt",
    checkingLine:
      "Der Server prüft jede Zeile noch einmal und sucht jede Person. Sie können diesen Tab schließen; die Adresse dieser Seite gilt weiter.",
    lost: "Die Datei ist nie angekommen",
    lostLine: "Das Hochladen wurde unterbrochen. Wählen Sie die Datei noch einmal; nichts wurde importiert.",
    lead: "Das würde der Import tun. Noch ist nichts geändert.",
    ofRows: (n) => `${rows(n)} in der Datei`,
    byKind: "Nach Art",
    mail: (n) =>
      n === 0
        ? "Niemand bekommt eine E-Mail."
        : `${count(n, "Person bekäme", "Personen bekämen")} nach dem Import eine E-Mail zur Registrierung.`,
    mailOff: "Niemand bekommt eine E-Mail: Für diesen Import sind E-Mails zur Registrierung aus.",
    download: "Probelauf herunterladen",
    next: "Weiter zum Bestätigen",
    back: "Zurück zu den Zeilen",
    nothing:
      "Es gibt nichts zu ändern: Jede angenommene Zeile ist schon da, und so, wie sie in der Datei steht.",
    announce: "Der Probelauf ist fertig.",
  },

  sameFile: {
    heading: "Diese Datei wurde schon einmal importiert",
    says: (who, when, state) => `${who} hat dieselbe Datei am ${when} importiert (${state}).`,
    show: "Diesen Import zeigen",
  },

  duplicates: {
    heading: "Personen, die vielleicht schon da sind",
    lead: (undecided) =>
      `${undecided === 1 ? "Eine Zeile ähnelt" : `${number(undecided)} Zeilen ähneln`} jemandem, der gespeichert ist oder eine frühere Zeile hat. Wenn Sie nichts anderes entscheiden, legt ${undecided === 1 ? "sie" : "jede"} eine neue Person an.`,
    allDecided: "Über alle Zeilen, die jemandem ähneln, ist entschieden.",
    tooMany: (most) =>
      `Ein Import nimmt höchstens ${number(most)} Entscheidungen an, deshalb stehen hier nicht mehr Zeilen. Teilen Sie die Datei, um über die anderen zu entscheiden.`,
    row: (row, name) => `Zeile ${number(row)}: ${name}`,
    decidedRow: (row) => `Zeile ${number(row)}`,
    like: (name, contact) => (contact ? `Ähnelt ${name}, ${contact}` : `Ähnelt ${name}`),
    likeRow: (row, name) => `Ähnelt Zeile ${number(row)} der Datei, ${name}`,
    gone: "Diese Person gibt es nicht mehr.",
    because: {
      "mistyped-name": "ein Buchstabe des Namens ist anders",
      nickname: "der Vorname könnte ein Rufname sein",
      "mistyped-street": "ein Buchstabe der Straße ist anders",
      "other-address": "gleicher Name, andere Adresse: umgezogen?",
      "same-birth-date": "gleiches Geburtsdatum",
    },
    differs: (name) => `Was sich von ${name} unterscheidet`,
    attribute: "Was",
    stored: "Gespeichert",
    said: "In der Zeile",
    choices: {
      same: "Dieselbe Person",
      sameAs: (name) => `Dieselbe Person wie ${name}`,
      different: "Eine andere Person",
      "leave-out": "Zeile auslassen",
    },
    undecided: (n) => `Für ${n === 1 ? "die Zeile" : `die ${number(n)} Zeilen`} ohne Entscheidung:`,
    all: { same: "Alle dieselbe Person", different: "Alle andere Personen", "leave-out": "Alle auslassen" },
    several: "Zeilen, die mehreren Personen ähneln, bleiben, wie sie sind: Sagen Sie dort, welcher.",
    save: (n) => `${count(n, "Entscheidung", "Entscheidungen")} speichern`,
    saveHint: "Der Probelauf wird damit noch einmal gemacht.",
    saveFirst: "Speichern Sie Ihre Entscheidungen, um weiterzumachen.",
    pages: "Seiten der Zeilen, über die zu entscheiden ist",
    loading: "Die Zeilen werden geladen …",
  },

  outcomes: {
    created: { name: "Angelegt", says: "neue Personen" },
    updated: { name: "Geändert", says: "Personen, die sich ändern" },
    unchanged: { name: "Unverändert", says: "schon wie in der Datei" },
    skipped: { name: "Übersprungen", says: "bleiben, wie sie sind" },
    rejected: { name: "Abgelehnt", says: "Zeilen mit Fehlern" },
  },

  kinds: {
    people: {
      name: "Personen",
      created: "Angelegt",
      updated: "Geändert",
      removed: "Entfernt",
      unchanged: "Gleich",
      errors: "Fehler",
    },
    units: {
      name: "Schulen und Klassen",
      created: "Angelegt",
      updated: "Geändert",
      removed: "",
      unchanged: "Gleich",
      errors: "Fehler",
    },
    ties: {
      name: "Anmeldungen und Verbindungen",
      created: "Dazu",
      updated: "Entfernt",
      removed: "",
      unchanged: "Gleich",
      errors: "Fehler",
    },
    names: {
      student: "Lernende",
      parent: "Eltern",
      client: "Kunden",
      educator: "Lehrende",
      instructor: "Kursleitungen",
      admin: "Verwaltung",
      school: "Schulen",
      class: "Klassen",
      enrolment: "Anmeldungen",
      link: "Eltern–Kind",
      "instructor-link": "Leitung–Lernende",
      "primary-teacher": "Klassenleitungen",
      grant: "Verwaltungsrechte",
    },
  },

  confirm: {
    heading: "Bestätigen",
    sentence: (file, parts) =>
      parts.length === 0
        ? `Der Import von ${file} wird nichts ändern.`
        : `Der Import von ${file} wird ${listing(parts)}.`,
    create: (n, alike) =>
      `${count(n, "neue Person", "neue Personen")}${alike ? ` (${number(alike)} vielleicht schon da)` : ""} anlegen`,
    update: (n) => `${people(n)} ändern`,
    others: (n) =>
      `${count(n, "Klasse, Anmeldung oder Verbindung", "Klassen, Anmeldungen und Verbindungen")} ändern`,
    leave: (n) => `für ${rows(n)} nichts ändern`,
    reject: (n) => `${rows(n)} mit Fehlern auslassen`,
    mail: (n) =>
      `Wenn der Import fertig ist, ${n === 1 ? "bekommt eine Person" : `bekommen ${number(n)} Personen`} eine E-Mail zur Registrierung: wer neu ist und eine Adresse hat.`,
    passwords: "Passwörter in der Datei ersetzen die, die Personen haben.",
    handEdits: "Werte der Datei ersetzen auch, was von Hand geändert wurde.",
    noMail: "Niemand bekommt eine E-Mail.",
    noMailNew: "Niemand Neues hat eine Adresse, also bekommt niemand eine E-Mail.",
    button: (n) => `${rows(n)} importieren`,
    confirming: "Wird gestartet …",
    back: "Zurück zum Probelauf",
  },

  hold: {
    heading: "Das wartet auf die Zahl",
    line: ({ rule, people: n, of, percent: most }) =>
      `Das ${rule === "many-removed" ? "nimmt" : "ändert"} ${number(n)} von ${people(of)}${rule === "many-removed" ? " etwas weg" : ""}, mehr als ${number(most)} %.`,
    ask: (n) => `Geben Sie ${n} ein, um weiterzumachen.`,
  },

  cancel: {
    button: "Import abbrechen",
    stopping: "Wird angehalten …",
    stopped: "Abgebrochen. Was bis dahin geschrieben wurde, bleibt; die übrigen Zeilen stehen in errors.csv.",
  },

  undo: {
    button: "Rückgängig machen",
    lead: "Das würde das Rückgängigmachen tun. Noch ist nichts geändert.",
    sentence: (file, parts) =>
      parts.length === 0
        ? `Den Import von ${file} rückgängig zu machen wird nichts ändern.`
        : `Den Import von ${file} rückgängig zu machen wird ${listing(parts)}.`,
    remove: (n) => `${people(n)} entfernen`,
    restore: (n) => `${people(n)} wiederherstellen`,
    keep: (n) => `${rows(n)} lassen, die seitdem jemand geändert hat`,
    confirm: "Import rückgängig machen",
    of: (file) => `Rückgängig: ${file}`,
    done: "Dieser Import wurde rückgängig gemacht",
  },

  results: {
    heading: "Ergebnis",
    queued: "Wartet, bis er an der Reihe ist",
    queuedLine: "Er beginnt von selbst, sobald kein anderer Import Ihrer Organisation mehr geschrieben wird.",
    applying: "Wird importiert",
    starting: "Die ersten Zeilen werden geschrieben",
    applyingLine:
      "Sie können diesen Tab schließen; der Import geht weiter, und diese Adresse zeigt, wie weit er ist.",
    progress: (done, total) => `${number(done)} von ${count(total, "Teil", "Teilen")} fertig`,
    finished: (when) => (when ? `Fertig am ${date(when)}` : "Fertig"),
    sum: (n) => `Alle ${rows(n)} belegt`,
    byKind: "Nach Art",
    downloads: "Zum Herunterladen",
    files: {
      "errors.csv": {
        name: "Zeilen mit Fehlern",
        says: "Ihre Spalten, dazu was falsch ist und wie man es behebt.",
      },
      "log.csv": {
        name: "Protokoll",
        says: "Jede Zeile: was aus ihr wurde, zu wem sie passte, was sie änderte und warum.",
      },
      "report.json": {
        name: "Voller Bericht",
        says: "Jede Zahl und jeder Fund, für andere Programme.",
      },
      "dry-run.json": { name: "Probelauf", says: "Was der Import tun würde, für andere Programme." },
    },
    invitations: "E-Mails zur Registrierung",
    invitationsOff: "Es wurden keine gewünscht.",
    invitationsNone: "Niemand Neues hat eine Adresse; es stehen keine an.",
    sent: (sent, due) => `${number(sent)} von ${number(due)} gesendet`,
    undelivered: (n) => `${number(n)} konnten nicht gesendet werden.`,
    invitable: (n) =>
      `${count(n, "neue Person hat eine Adresse und wurde", "neue Personen haben eine Adresse und wurden")} nicht eingeladen.`,
    inviteLater: (n) => `Jetzt ${people(n)} einladen`,
    inviteLaterHint: "Jede bekommt eine E-Mail zur Registrierung. Das geht einmal.",
    inviting: "Die E-Mails werden angefordert …",
    invited: (n) =>
      `${n === 1 ? "Eine Person bekommt" : `${number(n)} Personen bekommen`} eine E-Mail zur Registrierung. Diese Seite zählt, wie viele gesendet sind.`,
    inbox: "In den Posteingang sehen",
    another: "Eine weitere Datei importieren",
    noFile: "Diese Datei gibt es nicht: Es war nichts hineinzuschreiben.",
    announceFinished: "Der Import ist fertig.",
  },

  stopped: {
    rejected: "Die Datei wurde nicht importiert",
    failed: "Der Import ist stehen geblieben, und das lag an uns",
    failedHelp:
      "Sie haben nichts falsch gemacht. Starten Sie den Import noch einmal; was schon geschrieben ist, wird wiedergefunden und nicht verdoppelt.",
    cancelled: "Der Import wurde abgebrochen",
    expired: "Der Import wurde nicht rechtzeitig bestätigt",
    expiredLine: "Er wurde beiseitegelegt, ohne etwas zu ändern. Wählen Sie die Datei noch einmal.",
    again: "Eine weitere Datei importieren",
  },

  history: {
    heading: "Verlauf",
    empty: "Noch keine Importe",
    emptyLine: "Wenn Sie eine Datei importieren, steht hier, was daraus geworden ist.",
    start: "Eine Datei importieren",
    file: "Datei",
    program: "Programm",
    who: "Von",
    when: "Wann",
    state: "Stand",
    table: "Importe",
    rows: "Zeilen",
    counts: "Ergebnis",
    loading: "Die Liste wird geladen …",
    by: (who, when) => `${who}, ${when}`,
    summary: ({ created, updated, rejected }) =>
      `${number(created)} angelegt, ${number(updated)} geändert, ${number(rejected)} abgelehnt`,
  },

  people: {
    heading: "Personen",
    lead: "Sehen Sie, was über eine Person gespeichert ist und was welcher Import geändert hat.",
    search: "E-Mail-Adresse, Benutzername oder externe Kennung",
    hint: "Oder mit Kommas dazwischen: Vorname, Nachname, Straße, Postleitzahl. Ein Name allein, oder ein Teil davon, findet niemanden.",
    find: "Suchen",
    finding: "Wird gesucht …",
    nobody: "Damit wurde niemand gefunden",
    nobodyHint: "Schreiben Sie alles so, wie es in der Datei steht. Groß und klein ist gleich.",
    found: (n) => `${people(n)} gefunden`,
    by: (what) => `gefunden über ${what}`,
    foundBy: {
      "e-mail": "die E-Mail-Adresse",
      username: "den Benutzernamen",
      "external ID": "die externe Kennung",
      "name and address": "Name und Adresse",
    },
    kinds: {
      student: "Lernende Person",
      parent: "Elternteil",
      client: "Kunde",
      educator: "Lehrende Person",
      instructor: "Kursleitung",
      admin: "Verwaltung",
    },
    another: "Jemand anderen suchen",
    missing: "Diese Person gibt es nicht",
    missingHint:
      "Vielleicht hat ein Rückgängigmachen sie entfernt, oder die Adresse gehört zu einer anderen Organisation.",
    attributes: "Was gespeichert ist",
    byHand: (who, when) => `von Hand: ${who}, ${when}`,
    edit: "Bearbeiten",
    editHint: "Berichtigen Sie einen Fehler ohne eine Datei.",
    notEditable:
      "Das kann nicht bearbeitet werden: Der Import, der die Person angelegt hat, ist nicht mehr bekannt.",
    blankValues: (n) => `${count(n, "Wert ist", "Werte sind")} leer`,
    handHint:
      "Spätere Importe lassen, was Sie hier ändern, wie es ist, wenn sie nicht auch von Hand Bearbeitetes ersetzen sollen.",
    save: "Speichern",
    leave: "Nicht speichern",
    saved: "Gespeichert. Spätere Importe lassen es so.",
    meanwhile: "Jemand hat diese Person inzwischen geändert",
    isNow: (name, value) => `${name} ist jetzt: ${value}`,
    meanwhileHint:
      "Es wurde noch nichts gespeichert, und was Sie eingegeben haben, steht noch da. Sehen Sie es an und speichern Sie dann noch einmal.",
    history: "Importe, die diese Person geändert haben",
    made: "Hat die Person angelegt",
    madeUnknown: "Der Import, der die Person angelegt hat, ist nicht mehr bekannt.",
    olderImports: "Ältere sind nicht genannt. Der erste war:",
    changes: "Was er geändert hat",
    atFirst: "Am Anfang",
    tieAdded: "Hinzugefügt",
    tieRemoved: "Entfernt",
    passwordSet: "Das Passwort wurde gesetzt.",
    import: (who, when) => `${who}, ${when}`,
    ties: "Verbindungen",
    noTies:
      "Bei dieser Person stehen keine. Klassen, und Eltern und Kursleitungen von Lernenden, stehen bei jenen.",
    tiesHint: "Klassen, und Eltern und Kursleitungen von Lernenden, stehen bei jenen.",
    tie: {
      enrolment: (offering) => `Angemeldet für ${offering}`,
      grant: (offering) => `Darf ${offering} verwalten`,
      link: (offering) => (offering ? `Elternteil bei ${offering} von` : "Elternteil von"),
      "instructor-link": () => "Kursleitung von",
      "primary-teacher": (of) => `Klassenleitung von ${of}`,
    },
    invitation: "E-Mail zur Registrierung",
    invitations: {
      none: "Es wurde keine gesendet.",
      pending: "Wartet darauf, gesendet zu werden.",
      sent: (when) => (when ? `Gesendet am ${when}.` : "Gesendet."),
      failed: "Konnte nicht gesendet werden.",
      undelivered: "Kam zurück: Das Postfach war nicht zu erreichen.",
      bounced:
        "Kam zurück: Die Adresse gibt es nicht. Berichtigen Sie sie, bevor eine weitere gesendet wird.",
      suppressed:
        "Nicht gesendet: Frühere E-Mails an diese Adresse kamen zurück. Berichtigen Sie sie, bevor eine weitere gesendet wird.",
      complained: "Wurde als unerwünscht gemeldet. An diese Adresse geht keine weitere.",
      corrected: "Die letzte war für eine frühere Adresse. An die neue können Sie eine senden.",
      registered: "Die Person hat sich registriert.",
    },
    correct: "Adresse berichtigen",
    noAddress: "Die Person hat keine E-Mail-Adresse, also kann keine gesendet werden.",
    invite: "Eine senden",
    inviteAgain: "Noch einmal senden",
    inviteHint: "Sie geht mit den nächsten E-Mails hinaus. Ein Link in einer früheren gilt dann nicht mehr.",
    inviting: "Wird angefordert …",
    asked: "Sie geht mit den nächsten E-Mails hinaus.",
  },

  data: {
    heading: "Ihre Daten herunterladen",
    lead: "Die Personen Ihrer Organisation als Liste. Sie so, wie sie ist, wieder zu importieren, ändert nichts.",
    program: "In den Spalten von",
    kind: "Wen",
    everybody: "Alle",
    school: "Nur von einer Schule",
    class: "Nur von einer Klasse",
    identifier: "Ihre Kennung in der Liste. Leer für alle.",
    format: "Als",
    formats: { xlsx: "Arbeitsmappe (XLSX), bis 100.000 Zeilen", csv: "CSV" },
    make: "Datei vorbereiten",
    making: "Die Datei wird vorbereitet",
    made: (n) => `Die Datei ist fertig: ${rows(n)}`,
    nobody: "Es gibt niemanden zum Herunterladen",
    leftOut: (n) =>
      `${count(n, "Person hat keine eigene Zeile", "Personen haben keine eigene Zeile")}, weil das Programm sie nicht annähme: Eltern zum Beispiel stehen in der Zeile des Kindes.`,
    again: "Sie enthält personenbezogene Daten: Legen Sie sie dort ab, wo nur lesen kann, wer sie braucht.",
    download: "Herunterladen",
  },

  settings: {
    heading: "Einstellungen",
    holds: "Wann ein Import auf einen zweiten Blick wartet",
    holdsHint:
      "Ein Import, der über einen dieser Anteile der Personen Ihrer Organisation hinausgeht, wird angehalten, bis jemand die Zahl der Personen eingibt. 100 hält nie an.",
    parts: {
      removedPercent: {
        name: "Etwas weggenommen wird mehr als",
        says: "Eine Anmeldung, ein Recht oder eine Verbindung; beim Rückgängigmachen auch die Person.",
      },
      updatedPercent: { name: "Etwas geändert wird bei mehr als", says: "Werte, die Personen haben." },
    },
    people: "Personen",
    atLeast: {
      name: "Aber nie für weniger als",
      says: "In einer kleinen Organisation ist jede Änderung ein großer Anteil.",
    },
    drops: {
      heading: "Dateien, die sich selbst importieren",
      lead: "Ein System der Schule kann Dateien unmittelbar in den Speicher legen, wenn es mag jede Nacht. Dateien eines Programms, das hier angekreuzt ist, werden importiert, sobald sie ankommen: Niemand sieht vorher einen Probelauf, und niemand bestätigt. Dateien der anderen werden abgelehnt.",
      safe: "Ein Import, der über die Grenzen oben hinausgeht, wartet trotzdem auf einen Menschen. Jeder steht im Verlauf, im Namen dessen, der diese Einstellungen zuletzt gespeichert hat, und lässt sich dort rückgängig machen.",
      folder: "aus dem Ordner",
      how: (program) => `Wie abgelegte Dateien von ${program} importiert werden`,
      happens: "Das geschieht mit jeder Datei, ohne dass es jemand bestätigt:",
      does: ({ duplicates, invite, allOrNothing, overwritePasswords, overwriteHandEdits }) => [
        invite
          ? "Neue Personen werden angelegt, und wer eine Adresse hat, bekommt nach dem Import eine E-Mail zur Registrierung."
          : "Neue Personen werden angelegt. Niemand bekommt eine E-Mail.",
        `Wo eine Person schon da ist: ${de.policies[duplicates].says}`,
        ...(overwriteHandEdits ? [de.confirm.handEdits] : []),
        ...(overwritePasswords ? [de.confirm.passwords] : []),
        allOrNothing
          ? "Hat eine Zeile einen Fehler, wird nichts aus der Datei importiert."
          : "Zeilen mit Fehlern bleiben weg; alle anderen werden importiert.",
      ],
    },
    save: "Speichern",
    saved: "Gespeichert",
  },

  states: {
    created: "Wartet auf die Datei",
    checking: "Wird geprüft",
    ready: "Wartet auf Sie",
    queued: "In der Schlange",
    applying: "Wird importiert",
    finished: "Fertig",
    rejected: "Abgelehnt",
    failed: "Fehlgeschlagen",
    expired: "Verfallen",
    cancelled: "Abgebrochen",
  },

  trouble: {
    offline: {
      heading: "Keine Verbindung",
      says: "Der Server antwortet nicht. Was Sie getan haben, bleibt; es geht weiter, wenn die Verbindung wieder da ist.",
    },
    expired: {
      heading: "Sie sind abgemeldet",
      says: "Ihre Anmeldung ist abgelaufen oder fehlt. Öffnen Sie Rollcall noch einmal aus Ihrer Plattform und kommen Sie dann zu dieser Adresse zurück.",
    },
    missing: {
      heading: "Diesen Import gibt es nicht",
      says: "Ihre Organisation hat unter dieser Adresse keinen Import.",
    },
    gone: {
      heading: "Das wird nicht mehr aufbewahrt",
      says: "Was ein Import geändert hat, wird einige Zeit danach gelöscht. Der Import selbst bleibt im Verlauf.",
    },
    refused: { heading: "Der Server hat abgelehnt", says: "" },
    changed: {
      heading: "Die Datei hat sich geändert",
      says: "Sie ist nicht mehr die, die geprüft wurde. Wählen Sie sie noch einmal; nichts wurde importiert.",
    },
    server: {
      heading: "Der Server hat ein Problem",
      says: "Das liegt an uns. Nichts ist verloren; versuchen Sie es gleich noch einmal.",
    },
  },

  attributes: {
    email: "E-Mail",
    username: "Benutzername",
    externalId: "Externe Kennung",
    firstName: "Vorname",
    lastName: "Nachname",
    preferredName: "Rufname",
    pronouns: "Pronomen",
    birthDate: "Geburtsdatum",
    gender: "Geschlecht",
    ethnicity: "Ethnische Herkunft",
    phone: "Telefon",
    street1: "Straße",
    street2: "Straße, zweite Zeile",
    city: "Ort",
    state: "Bundesstaat",
    postalCode: "Postleitzahl",
    country: "Land",
    addressType: "Art der Adresse",
    clientType: "Art des Kunden",
    studentType: "Art des Lernenden",
    status: "Status",
    source: "Quelle",
    market: "Markt",
    modality: "Form des Unterrichts",
    role: "Rolle",
    grade: "Klassenstufe",
    classYear: "Jahrgang",
    highSchool: "Schule",
    highSchoolGraduationYear: "Jahr des Schulabschlusses",
    college: "Hochschule",
    collegeMajor: "Hauptfach an der Hochschule",
    collegeGraduationYear: "Jahr des Hochschulabschlusses",
    major: "Hauptfach",
    districtId: "Kennung des Bezirks",
    stateId: "Kennung des Staates",
    schoolId: "Kennung der Schule",
    clickEventId: "Kennung des Klicks",
    homeLanguage: "Sprache zu Hause",
    ellStatus: "Status als Englischlernende",
    iepStatus: "Status des Förderplans",
    lunchStatus: "Status beim Schulessen",
    economicallyDisadvantaged: "Wirtschaftlich benachteiligt",
    canContact: "Kontakt erlaubt",
    canContactNewsletters: "Rundbriefe erlaubt",
    canContactSchools: "Kontakt durch Schulen erlaubt",
    canContactSurveys: "Umfragen erlaubt",
    consultation: "Beratung",
    heardFrom: "Gehört von",
    interestedIn: "Interessiert an",
    planningToEnroll: "Geplante Anmeldung",
    hispanicOrLatino: "Hispanisch oder Latino",
    white: "Weiß",
    asian: "Asiatisch",
    blackOrAfricanAmerican: "Schwarz oder afroamerikanisch",
    americanIndianOrAlaskaNative: "Indigen (Amerika, Alaska)",
    nativeHawaiianOrOtherPacificIslander: "Indigen (Hawaii, Pazifik)",
    twoOrMoreRaces: "Zwei oder mehr Gruppen",
  },
  blank: "leer",
  yes: "ja",
  no: "nein",
  nameless: "jemand ohne Namen",
  loading: "Wird geladen …",
  date,
};
