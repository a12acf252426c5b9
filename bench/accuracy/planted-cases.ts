// Small programs in which a wrong rename compiles and prints something else: read from data, and made
// one workspace.

import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

import { LineIndex } from "../../src/base/index.ts";
import type { PlannedChange } from "./workspace-copy.ts";

/** A program, what is asked of it, and what it prints. */
export interface PlantedCase {
    /** Name of its file: the kind of conflict by its number in the catalogue, and what collides. */
    readonly name: string;
    readonly about: string;
    readonly newName: string;
    readonly prints: string;
    /** What it prints after the rename of all marked tokens. */
    readonly mustNotPrint: string;
    readonly text: string;
    /** The marked tokens; the first is the one that is asked about. */
    readonly marks: readonly { readonly start: number; readonly name: string }[];
}

const HEADER = ["about", "rename to", "prints", "must not print"] as const;
const MARK = /\[\[(\w+)\]\]/gu;

/** Reads one case. */
export function readPlantedCase(name: string, content: string): PlantedCase {
    const end = content.indexOf("\n\n");
    const lines = content.slice(0, end).split("\n");
    const [about = "", newName = "", prints = "", mustNotPrint = ""] = HEADER.map((key, index) => {
        const line = lines[index] ?? "";
        if (!line.startsWith(`${key}: `) || lines.length !== HEADER.length) {
            throw new Error(`${name}: line ${index + 1} is not "${key}: …"`);
        }
        return line.slice(key.length + 2);
    });
    const marked = content.slice(end + 2);
    const marks: { start: number; name: string }[] = [];
    for (const found of marked.matchAll(MARK)) {
        // Each mark before this one has lost four brackets.
        const start = found.index - 4 * marks.length;
        marks.push({ start, name: found[1] ?? "" });
    }
    if (marks.length === 0) {
        throw new Error(`${name}: no token is marked`);
    }
    const text = marked.replace(MARK, "$1");
    return { name, about, newName, prints, mustNotPrint, text, marks };
}

/** Reads every case of a folder. */
export function readPlantedCases(folder: string): PlantedCase[] {
    return readdirSync(folder)
        .filter((name) => name.endsWith(".txt"))
        .sort()
        .map((name) =>
            readPlantedCase(
                name.replace(/\.txt$/u, ""),
                readFileSync(path.join(folder, name), "utf8"),
            ),
        );
}

/** Package of a case. */
export function packageOf({ name }: PlantedCase): string {
    return `case-${name}`;
}

/** Source file of a case, relative to the workspace. */
export function fileOf(one: PlantedCase): string {
    return `crates/${one.name}/src/main.rs`;
}

/** Writes a workspace with a program for each case. */
export function writePlantedWorkspace(cases: readonly PlantedCase[], root: string): void {
    rmSync(root, { recursive: true, force: true });
    mkdirSync(root, { recursive: true });
    writeFileSync(
        path.join(root, "Cargo.toml"),
        '[workspace]\nresolver = "2"\nmembers = ["crates/*"]\n',
    );
    for (const one of cases) {
        const file = path.join(root, fileOf(one));
        mkdirSync(path.dirname(file), { recursive: true });
        writeFileSync(file, one.text);
        writeFileSync(
            path.join(root, "crates", one.name, "Cargo.toml"),
            `[package]\nname = "${packageOf(one)}"\nversion = "0.1.0"\nedition = "2021"\n`,
        );
    }
}

/** The wrong rename: every marked token, and nothing else. */
export function wrongRename(one: PlantedCase): PlannedChange {
    const lines = new LineIndex(one.text);
    const edits = one.marks.map(({ start, name }) => {
        const from = lines.position(start);
        const to = lines.position(start + name.length);
        return {
            path: fileOf(one),
            ...from,
            endLine: to.line,
            endColumn: to.column,
            oldText: name,
            newText: one.newName,
        };
    });
    return { edits, moves: [] };
}
