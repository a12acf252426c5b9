// The server's status as a page of markdown.

import type { StatusResult } from "../../../../src/protocol/index.ts";
import { bytes, count } from "./words.ts";

type Row = readonly [name: string, value: string];

/** Writes the page. */
export function statusMarkdown(status: StatusResult): string {
    return [
        `# Ferrograph is ${status.state}`,
        "",
        status.readOnlyReason,
        section("Workspace", [
            ["Root", status.root],
            ["Packages, targets", `${status.packages}, ${status.targets}`],
            ["Files, lines", `${number(status.files)}, ${number(status.lines)}`],
            ["Symbols", number(status.symbols)],
            ...numbers("Edges", status.edges),
            ...numbers("Occurrences", status.occurrences),
        ]),
        section(
            "Who says so",
            status.frontends.map((each) => [each.name, `${each.state} (${each.precision})`]),
        ),
        section("Daemon", [
            ["Process", String(status.pid)],
            ["Version", status.serverVersion],
            ["Memory", bytes(status.memoryBytes)],
            ["Clients", status.clients.join(", ")],
            ["Last capture", `${status.lastCaptureMilliseconds} ms`],
            ["Searches", [status.searches.backend, status.searches.card].join("; ")],
            [
                "Tables",
                `${status.tables.state}${status.tables.error === "" ? "" : `: ${status.tables.error}`}`,
            ],
        ]),
        section(
            "On disk",
            status.disk.map((each) => [each.file, bytes(each.bytes)]),
        ),
        section("History", [
            ["Commits, deltas", `${number(status.commitCount)}, ${number(status.deltaCount)}`],
            ["State root", `\`${status.stateRoot}\``],
            ["Graph root", `\`${status.graphRoot}\``],
        ]),
        problems(status),
    ].join("\n");
}

function section(title: string, rows: readonly Row[]): string {
    const shown = rows.filter(([, value]) => value !== "");
    return shown.length === 0
        ? ""
        : [
              "",
              `## ${title}`,
              "",
              "| | |",
              "|---|---|",
              ...shown.map(([name, value]) => `| ${cell(name)} | ${cell(value)} |`),
          ].join("\n");
}

function numbers(title: string, counts: Readonly<Record<string, number>>): Row[] {
    const parts = Object.entries(counts).filter(([, value]) => value > 0);
    return [[title, parts.map(([name, value]) => `${name} ${number(value)}`).join(", ")]];
}

function problems({ problems: all }: StatusResult): string {
    return all.length === 0
        ? ""
        : [
              "",
              `## ${count(all.length, "problem")}`,
              "",
              ...all.map(({ code, message, path }) => `- \`${code}\` ${path ?? ""} ${message}`),
          ].join("\n");
}

function number(value: number): string {
    return value.toLocaleString("en-US");
}

function cell(text: string): string {
    return text.replaceAll("|", "\\|").replaceAll("\n", " ");
}
