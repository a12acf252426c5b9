// A copy of a workspace in which edits are made and taken back.

import {
    cpSync,
    existsSync,
    mkdirSync,
    readFileSync,
    renameSync,
    rmSync,
    writeFileSync,
} from "node:fs";
import path from "node:path";

import { LineIndex } from "../../src/base/index.ts";
import type { EditDto, FileMoveDto } from "../../src/protocol/index.ts";

/** Replacement of one span of one file. */
export type PlannedEdit = Pick<
    EditDto,
    "path" | "line" | "column" | "endLine" | "endColumn" | "oldText" | "newText"
>;

/** A file, or a folder, that moves. */
export type PlannedMove = FileMoveDto;

/** What a plan changes. */
export interface PlannedChange {
    readonly edits: readonly PlannedEdit[];
    readonly moves: readonly PlannedMove[];
}

const LEFT_OUT = new Set(["target", ".git", ".ferrograph"]);

/** A copy of a workspace's files. */
export class WorkspaceCopy {
    readonly root: string;

    /** Copies a workspace to a folder that is replaced. */
    constructor(workspace: string, root: string) {
        this.root = root;
        rmSync(root, { recursive: true, force: true });
        cpSync(workspace, root, {
            recursive: true,
            filter: (from) => !LEFT_OUT.has(path.relative(workspace, from)),
        });
    }

    /**
     * Makes a change and returns what takes it back; throws, and leaves everything as it was, when the
     * change cannot be made. Files are written anew both times, so that they are younger than what
     * cargo made of them before.
     */
    apply(change: PlannedChange): () => void {
        const before = new Map<string, string>();
        const after = new Map<string, string>();
        for (const [file, edits] of groupByPath(change.edits)) {
            const text = readFileSync(path.join(this.root, file), "utf8");
            before.set(file, text);
            after.set(file, editText(text, edits));
        }
        this.#write(after);
        const moved: PlannedMove[] = [];
        const takeBack = (): void => {
            for (const { from, to } of moved.reverse()) {
                this.#move(to, from);
            }
            this.#write(before);
        };
        try {
            for (const move of change.moves) {
                if (existsSync(path.join(this.root, move.to))) {
                    throw new Error(`${move.to} exists already`);
                }
                this.#move(move.from, move.to);
                moved.push(move);
            }
        } catch (error) {
            takeBack();
            throw error;
        }
        return takeBack;
    }

    #write(texts: ReadonlyMap<string, string>): void {
        for (const [file, text] of texts) {
            writeFileSync(path.join(this.root, file), text);
        }
    }

    #move(from: string, to: string): void {
        const target = path.join(this.root, to);
        mkdirSync(path.dirname(target), { recursive: true });
        renameSync(path.join(this.root, from), target);
        this.#touch(to);
    }

    #touch(file: string): void {
        if (file.endsWith(".rs")) {
            const full = path.join(this.root, file);
            writeFileSync(full, readFileSync(full));
        }
    }
}

function groupByPath(edits: readonly PlannedEdit[]): Map<string, PlannedEdit[]> {
    const groups = new Map<string, PlannedEdit[]>();
    for (const edit of edits) {
        groups.set(edit.path, [...(groups.get(edit.path) ?? []), edit]);
    }
    return groups;
}

/** Makes the edits of one file; throws when the text is not the one that they were planned for. */
export function editText(text: string, edits: readonly PlannedEdit[]): string {
    const lines = new LineIndex(text);
    const spans = edits
        .map((edit) => ({
            start: lines.offset({ line: edit.line, column: edit.column }),
            end: lines.offset({ line: edit.endLine, column: edit.endColumn }),
            edit,
        }))
        .sort((a, b) => b.start - a.start);
    let edited = text;
    let limit = text.length;
    for (const { start, end, edit } of spans) {
        const place = `${edit.path}:${edit.line + 1}:${edit.column + 1}`;
        if (text.slice(start, end) !== edit.oldText) {
            throw new Error(`${place}: found ${text.slice(start, end)}, not ${edit.oldText}`);
        }
        if (end > limit) {
            throw new Error(`${place}: two edits overlap`);
        }
        edited = edited.slice(0, start) + edit.newText + edited.slice(end);
        limit = start;
    }
    return edited;
}
