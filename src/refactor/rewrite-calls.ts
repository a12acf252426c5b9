// The arguments of calls in a new order. A call may stand in an argument of another one: where that argument
// moves, the inner call moves with it, rewritten.

import { appendTo } from "../base/index.ts";
import type { Occurrence } from "../resolve/index.ts";
import type { RenameContext } from "./context.ts";
import {
    movedText,
    rewriteList,
    type ListSyntax,
    type MovedText,
    type Slot,
} from "./list-slots.ts";
import { joinEdits } from "./join-edits.ts";
import type { PlannedEdit } from "./planned-edit.ts";

/** A call whose arguments are rewritten. */
export interface Call {
    readonly node: number;
    readonly list: ListSyntax;
}

/** Rewrites the arguments of calls. */
export function rewriteCalls(
    context: RenameContext,
    calls: readonly Call[],
    slots: readonly Slot[],
): PlannedEdit[] {
    const byFile = new Map<string, Call[]>();
    for (const call of calls) {
        appendTo(byFile, call.list.file.path, call);
    }
    return [...byFile].flatMap(([path, group]) => {
        const rewriting = new FileRewriting(group, slots, context.resolution.occurrencesIn(path));
        return rewriting.editsOf(group.filter((call) => !rewriting.isInner(call)));
    });
}

class FileRewriting {
    readonly #calls: readonly Call[];
    readonly #slots: readonly Slot[];
    readonly #occurrences: readonly Occurrence[];

    constructor(
        calls: readonly Call[],
        slots: readonly Slot[],
        occurrences: readonly Occurrence[],
    ) {
        this.#calls = calls;
        this.#slots = slots;
        this.#occurrences = occurrences;
    }

    /** Whether a call stands in an argument of another one. */
    isInner(call: Call): boolean {
        return this.#calls.some((outer) => outer !== call && this.#isArgumentOf(call, outer));
    }

    /** Edits of calls, and of those in what does not move of their arguments. */
    editsOf(calls: readonly Call[]): PlannedEdit[] {
        return calls.flatMap((call) => {
            const own = rewriteList(call.list, this.#slots, (node) => this.#contentOf(call, node));
            const isReplaced = (inner: Call): boolean =>
                own.some(({ span }) => {
                    const at = inner.list.file.start(inner.node);
                    return span.start <= at && at < span.end;
                });
            const still = this.#directlyIn(call).filter((inner) => !isReplaced(inner));
            return [...own, ...this.editsOf(still)];
        });
    }

    /** The text of an argument that moves, with the calls in it rewritten. */
    #contentOf({ list: { file } }: Call, node: number): MovedText {
        const start = file.start(node);
        const end = file.end(node);
        const inner = this.#calls.filter(
            (call) => start <= file.start(call.node) && file.end(call.node) <= end,
        );
        const outermost = inner.filter(
            (call) => !inner.some((other) => other !== call && this.#isArgumentOf(call, other)),
        );
        const edits = this.editsOf(outermost).sort((a, b) => a.span.start - b.span.start);
        return joinEdits(movedText(file, node, this.#occurrences), start, edits);
    }

    #directlyIn(outer: Call): Call[] {
        const inside = this.#calls.filter(
            (call) => call !== outer && this.#isArgumentOf(call, outer),
        );
        return inside.filter(
            (call) => !inside.some((other) => other !== call && this.#isArgumentOf(call, other)),
        );
    }

    #isArgumentOf(inner: Call, { list: { file, list } }: Call): boolean {
        return file.start(list) < file.start(inner.node) && file.end(inner.node) < file.end(list);
    }
}
