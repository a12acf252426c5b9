// What is asked of both servers: the same places of the same workspace.

import { LineIndex } from "../../src/base/index.ts";
import { drawInShares } from "../accuracy/sample.ts";
import { freshName } from "../accuracy/fresh-name.ts";
import type { ResolvedHere } from "../accuracy/resolve-here.ts";
import { listCandidates } from "../accuracy/strata.ts";
import type { FilePosition } from "../peers/language-client.ts";

/** A name to ask about, and a new one for it. */
export interface Question {
    readonly at: FilePosition;
    readonly newName: string;
}

/** A file to edit, and a name in it to ask about. */
export interface EditTarget {
    readonly path: string;
    readonly lines: number;
    readonly text: string;
    /** Line before which a function can be put. */
    readonly line: number;
    readonly asked: FilePosition;
}

/** The questions of one workspace. */
export interface Questions {
    readonly references: readonly Question[];
    readonly renames: readonly Question[];
    readonly edit: EditTarget | undefined;
    /** A place that names something of std: who cannot say what it is has no std. */
    readonly std: FilePosition | undefined;
}

const REFERENCES = 20;
const EDITED_LINES = 5000;
const SEED = 1;

/** Chooses the questions of a workspace; the same ones every time. */
export function chooseQuestions(here: ResolvedHere, renames: number): Questions {
    const everything = [...here.texts.values()].join("\n");
    const drawn = drawInShares(listCandidates(here), REFERENCES + renames, SEED).map(
        ({ item }): Question => ({
            at: placeIn(here, item.path, item.offset),
            newName: freshName(item, (name) => everything.includes(name)),
        }),
    );
    return {
        references: drawn.slice(0, REFERENCES),
        renames: drawn.slice(REFERENCES),
        edit: chooseEdit(here),
        std: findStdPlace(here),
    };
}

function placeIn(here: ResolvedHere, path: string, offset: number): FilePosition {
    const place = new LineIndex(here.texts.get(path) ?? "").position(offset);
    return { path, line: place.line, column: place.column };
}

/** The file whose number of lines is nearest to 5,000, and its function with the most occurrences. */
function chooseEdit(here: ResolvedHere): EditTarget | undefined {
    const { resolution } = here;
    const owned = resolution.files().filter(({ owners }) => owners.length > 0);
    const sizes = owned.map(({ path }) => {
        const text = here.texts.get(path) ?? "";
        return { path, text, lines: text.split("\n").length - 1 };
    });
    const distance = (lines: number): number => Math.abs(lines - EDITED_LINES);
    sizes.sort((a, b) => distance(a.lines) - distance(b.lines) || (a.path < b.path ? -1 : 1));
    for (const { path, text, lines } of sizes) {
        const asked = mostUsed(here, path);
        if (asked !== undefined) {
            const index = new LineIndex(text);
            const line = index.lineOf(asked.extentStart);
            return { path, lines, text, line, asked: placeIn(here, path, asked.offset) };
        }
    }
    return undefined;
}

function mostUsed(
    here: ResolvedHere,
    path: string,
): { offset: number; extentStart: number } | undefined {
    const { resolution } = here;
    const uses = new Map<number, number>();
    for (const { binding } of resolution.occurrencesIn(path)) {
        if (binding.kind === "symbol") {
            binding.symbols.forEach((one) => uses.set(one, (uses.get(one) ?? 0) + 1));
        }
    }
    for (const [index] of [...uses].sort((a, b) => b[1] - a[1] || a[0] - b[0])) {
        const { kind, file, nameSpan, extent, parent } = resolution.symbol(index);
        const isFree =
            parent !== undefined && ["module", "crate"].includes(resolution.symbol(parent).kind);
        const isWanted = kind === "function" || kind === "struct" || kind === "enum";
        if (isWanted && isFree && file === path && nameSpan !== undefined && extent !== undefined) {
            return { offset: nameSpan.start, extentStart: extent.start };
        }
    }
    return undefined;
}

function findStdPlace(here: ResolvedHere): FilePosition | undefined {
    const { resolution } = here;
    for (const { path, owners } of resolution.files()) {
        const found = (owners.length === 0 ? [] : resolution.occurrencesIn(path)).find(
            ({ binding, role, name }) =>
                role === "type" && binding.kind !== "local" && /^(Vec|String)$/u.test(name),
        );
        if (found !== undefined) {
            return placeIn(here, path, found.span.start);
        }
    }
    return undefined;
}
