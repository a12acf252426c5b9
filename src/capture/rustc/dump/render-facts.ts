// Facts as sorted lines of text, for people and for golden files.

import { FACT_FLAG, FACT_ROLE, type FactTarget, type RustcFacts } from "../facts.ts";

/** Renders facts, one line each, the crate's hashes left out. */
export function renderFacts(
    facts: RustcFacts,
    textOf: (path: string) => string | undefined,
): string {
    const places = new Places(facts, textOf);
    const lines = [
        "# definitions",
        ...facts.definitions
            .map(
                (each) =>
                    `${places.at(each.file, each.start, each.end)} ${each.kind} ${plain(each.path)}`,
            )
            .sort(),
        "# uses",
        ...useLines(facts, places),
        "# implicit",
        ...facts.implicit
            .map(
                (each) =>
                    `${places.at(each.file, each.start, each.end)} ${each.cause} ${plain(each.owner)} -> ${plain(each.target)}`,
            )
            .sort(),
    ];
    return `${lines.join("\n")}\n`;
}

function useLines(facts: RustcFacts, places: Places): string[] {
    const { uses } = facts;
    return Array.from(uses.start, (start, index) => {
        const place = places.at(uses.file[index] ?? -1, start, uses.end[index] ?? start);
        const target = facts.targets[uses.target[index] ?? 0];
        const receiver = facts.types[uses.receiver[index] ?? 0] ?? "";
        const words = [
            place,
            ROLE_NAMES[uses.role[index] ?? 0] ?? "?",
            target === undefined ? "?" : targetText(target, places),
            ...flagWords(uses.flags[index] ?? 0),
            ...(receiver === "" ? [] : [`on ${receiver}`]),
        ];
        return words.join(" ");
    });
}

const ROLE_NAMES = Object.keys(FACT_ROLE);

function flagWords(flags: number): string[] {
    return Object.entries(FACT_FLAG)
        .filter(([, bit]) => (flags & bit) !== 0)
        .map(([name]) => `+${name}`);
}

function targetText(target: FactTarget, places: Places): string {
    return target.kind === "local"
        ? `local ${places.at(target.file ?? -1, target.start ?? 0, target.end ?? 0)}`
        : `${target.kind === "primitive" ? "primitive " : ""}${plain(target.path)}`;
}

/** A path without the hashes of crates, which differ between machines. */
function plain(path: string): string {
    return path.replace(/\[[0-9a-f]{4}\]/g, "");
}

class Places {
    readonly #facts: RustcFacts;
    readonly #texts: readonly (string | undefined)[];

    constructor(facts: RustcFacts, textOf: (path: string) => string | undefined) {
        this.#facts = facts;
        this.#texts = facts.files.map((file) => textOf(file.path));
    }

    /** `path:line:column text`, 1-based, columns in UTF-16 units. */
    at(file: number, start: number, end: number): string {
        const text = this.#texts[file];
        const path = this.#facts.files[file]?.path;
        if (path === undefined || text === undefined) {
            return "-";
        }
        const before = text.slice(0, start);
        const line = before.split("\n").length;
        const column = start - before.lastIndexOf("\n");
        return `${path}:${line}:${column} ${text.slice(start, end).replace(/\s+/g, " ")}`;
    }
}
