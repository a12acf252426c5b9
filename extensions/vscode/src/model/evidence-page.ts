// What a validated rename found, as the body of a page: the verdict first, then what it rests on.

import type {
    PlaceDto,
    SeparateCheckDto,
    ValidateRenameResult,
    ValidationEvidenceDto,
} from "../../../../src/protocol/index.ts";
import { escapeHtml } from "./page.ts";
import { count } from "./words.ts";

/** The page's body. */
export function evidenceBody(result: ValidateRenameResult): string {
    const { symbol, newName, written, edits, evidence } = result;
    const files = new Set(edits.map((edit) => edit.path)).size;
    const size = `${count(edits.length, "edit")} in ${count(files, "file")}`;
    return [
        '<main id="evidence">',
        `<h1><code>${escapeHtml(symbol.path)}</code> → <code>${escapeHtml(newName)}</code></h1>`,
        `<p class="verdict">Passed: ${size}, ${written ? "written" : "not written"}, ` +
            `${seconds(evidence.milliseconds)}.</p>`,
        compared(evidence),
        rounds(evidence),
        configurations(evidence),
        checks(evidence),
        accepted(result),
        durations(evidence),
        notes(evidence),
        "<h2>Edits</h2>",
        diffHtml(result.diff),
        `<p class="dim">Fingerprint <code>${escapeHtml(result.fingerprint)}</code>, ` +
            `operation <code>${escapeHtml(result.opId)}</code></p>`,
        "</main>",
    ].join("\n");
}

function compared({ bindings, mir }: ValidationEvidenceDto): string {
    const bindingsOf = `${count(bindings.compared, "binding")} in ${bindings.crates.join(", ")}`;
    return table(
        "What was compared",
        ["", "Verdict", "What"],
        [
            ["Bindings of the compiler", bindings.verdict, bindings.reason ?? bindingsOf],
            [
                "MIR",
                mir.verdict,
                mir.reason ?? count(mir.bodies, "body").replace("bodys", "bodies"),
            ],
        ],
    );
}

function rounds({ rounds: all }: ValidationEvidenceDto): string {
    const places = (list: readonly PlaceDto[]): string =>
        list.length === 0
            ? "none"
            : list.map(({ path, line, column }) => `${path}:${line + 1}:${column + 1}`).join(", ");
    return table(
        "Rounds",
        ["Round", "New diagnostics", "Edited in addition", "No longer edited"],
        all.map((round, index) => [
            String(index + 1),
            String(round.diagnostics),
            places(round.added),
            places(round.removed),
        ]),
    );
}

function configurations({ configurations: all }: ValidationEvidenceDto): string {
    return table(
        "Configurations",
        ["Configuration", "Compared"],
        all.map(({ name, judged, reason }) => [
            name,
            judged ? "yes" : `left out: ${reason ?? "no reason given"}`,
        ]),
    );
}

function checks({ checks: all, link, docLinks, doctests }: ValidationEvidenceDto): string {
    const separate = (name: string, check: SeparateCheckDto): string[] => [
        name,
        check.verdict + (check.reason === undefined ? "" : `: ${check.reason}`),
        seconds(check.milliseconds),
    ];
    return table(
        "Checks",
        ["Check", "Result", "Time"],
        [
            ...all.map((check) => [
                check.command,
                `${count(check.added, "new diagnostic")}, ${check.before} before`,
                seconds(check.milliseconds),
            ]),
            separate("Linking", link),
            separate("Documentation links", docLinks),
            separate("Documentation tests", doctests),
        ],
    );
}

function accepted({ conflicts }: ValidateRenameResult): string {
    return conflicts.length === 0
        ? ""
        : table(
              "Accepted",
              ["Grade", "What"],
              conflicts.map(({ grade, message }) => [grade, message]),
          );
}

function durations(evidence: ValidationEvidenceDto): string {
    return table(
        "Time",
        ["Stage", "Time"],
        evidence.durations.map(({ stage, milliseconds }) => [stage, seconds(milliseconds)]),
    );
}

function notes({ notes: all }: ValidationEvidenceDto): string {
    const items = all.map((note) => `<li>${escapeHtml(note)}</li>`);
    return items.length === 0 ? "" : `<h2>Notes</h2>\n<ul>${items.join("")}</ul>`;
}

function table(
    caption: string,
    head: readonly string[],
    rows: readonly (readonly string[])[],
): string {
    if (rows.length === 0) {
        return "";
    }
    const cells = (row: readonly string[]): string =>
        row
            .map((cell, index) =>
                index === 0
                    ? `<th scope="row">${escapeHtml(cell)}</th>`
                    : `<td>${escapeHtml(cell)}</td>`,
            )
            .join("");
    const titles = head.map((cell) =>
        cell === "" ? "<td></td>" : `<th scope="col">${escapeHtml(cell)}</th>`,
    );
    return [
        `<h2>${escapeHtml(caption)}</h2>`,
        `<table><caption class="hidden">${escapeHtml(caption)}</caption>`,
        `<thead><tr>${titles.join("")}</tr></thead>`,
        `<tbody>${rows.map((row) => `<tr>${cells(row)}</tr>`).join("")}</tbody></table>`,
    ].join("\n");
}

/** A unified diff whose lines are told apart by more than their color. */
export function diffHtml(diff: string): string {
    const lines = diff
        .trimEnd()
        .split("\n")
        .map((line) => {
            const text = escapeHtml(line);
            const element = line.startsWith("+") ? "ins" : line.startsWith("-") ? "del" : "span";
            const isHead = /^(diff |index |--- |\+\+\+ |@@ )/u.test(line);
            return isHead ? `<b>${text}</b>` : `<${element}>${text}</${element}>`;
        });
    return `<pre class="diff" tabindex="0" role="region" aria-label="Diff">${lines.join("\n")}</pre>`;
}

function seconds(milliseconds: number): string {
    return milliseconds < 1_000
        ? `${Math.round(milliseconds)} ms`
        : `${(milliseconds / 1_000).toFixed(1)} s`;
}
