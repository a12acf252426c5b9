// The page of the SQL scratchpad.

import type { ToQuery } from "../src/model/messages.ts";
import { cellText, isNumeric, toCsv } from "../src/model/query-table.ts";
import { EXAMPLES } from "../src/model/query-page.ts";
import { count } from "../src/model/words.ts";
import { element, keep, kept, onMessage, say, send } from "./editor.ts";

interface Column {
    readonly name: string;
    readonly type: string;
}

let columns: readonly Column[] = [];
let rows: (readonly unknown[])[] = [];

const statement = element("sql", HTMLTextAreaElement);
const table = element("table", HTMLTableElement);

function run(): void {
    element("run", HTMLButtonElement).disabled = true;
    say("Running…");
    send({ kind: "run", sql: statement.value });
}

function receive(message: ToQuery): void {
    switch (message.kind) {
        case "rows":
            showRows(message);
            return;
        case "failed":
            element("run", HTMLButtonElement).disabled = false;
            element("said", HTMLElement).className = "failed";
            say(message.message);
            return;
        case "copied":
            say(`Copied ${count(message.rows, "row")}.`);
            return;
        case "statement":
            statement.value = message.sql;
    }
}

function showRows(answer: Extract<ToQuery, { kind: "rows" }>): void {
    element("run", HTMLButtonElement).disabled = false;
    element("said", HTMLElement).className = "";
    if (answer.columns !== undefined) {
        columns = answer.columns;
        rows = [];
        table.tHead?.replaceChildren(headRow());
        table.tBodies[0]?.replaceChildren();
    }
    rows.push(...answer.rows);
    table.tBodies[0]?.append(...answer.rows.map(bodyRow));
    element("scroll", HTMLElement).hidden = columns.length === 0;
    element("more", HTMLElement).hidden = !answer.hasMore;
    element("copy", HTMLButtonElement).disabled = rows.length === 0;
    const more = answer.hasMore ? ", and there are more" : "";
    const time = answer.columns === undefined ? "" : `, ${answer.milliseconds} ms`;
    say(`${count(rows.length, "row")}${more}${time}`);
}

function headRow(): HTMLTableRowElement {
    const row = document.createElement("tr");
    for (const { name, type } of columns) {
        const cell = document.createElement("th");
        cell.scope = "col";
        cell.textContent = name;
        cell.title = type;
        row.append(cell);
    }
    return row;
}

function bodyRow(values: readonly unknown[]): HTMLTableRowElement {
    const row = document.createElement("tr");
    values.forEach((value, index) => {
        const cell = row.insertCell();
        cell.textContent = cellText(value);
        if (isNumeric(columns[index]?.type ?? "")) {
            cell.className = "number";
        }
    });
    return row;
}

element("form", HTMLElement).addEventListener("submit", (event) => {
    event.preventDefault();
    run();
});
statement.addEventListener("input", () => {
    keep({ sql: statement.value });
});
statement.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        run();
    }
});
element("examples", HTMLSelectElement).addEventListener("change", (event) => {
    const { value } = event.currentTarget as HTMLSelectElement;
    const example = value === "" ? undefined : EXAMPLES[Number(value)];
    if (example !== undefined) {
        statement.value = example[1];
        keep({ sql: statement.value });
    }
});
element("more", HTMLElement).addEventListener("click", () => {
    send({ kind: "more" });
});
element("copy", HTMLElement).addEventListener("click", () => {
    send({ kind: "copy", csv: toCsv(columns, rows), rows: rows.length });
});
onMessage((message) => {
    receive(message as ToQuery);
});
const { sql } = kept();
statement.value = typeof sql === "string" ? sql : (EXAMPLES[0]?.[1] ?? "");
send({ kind: "ready" });
