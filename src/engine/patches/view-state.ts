// States that a patch is planned on: the view of a client, and views of what it would be after edits.

import { LineIndex, OperatingError, splitPlace, type Refusal } from "../../base/index.ts";
import type { PlanState } from "../../patch/index.ts";
import type { FileMove, RenameContext, RenameTarget } from "../../refactor/index.ts";
import type { FileCapture } from "../../syntax/index.ts";
import type { MadeSources } from "../generated-sources.ts";
import { atOnce, captureChanges, contextOf, moveFiles } from "../plan-rename.ts";
import type { EnginePorts } from "../ports.ts";
import { selectRename } from "../select-rename.ts";
import { hashBytes } from "../source-table.ts";
import type { View, ViewFile } from "../view.ts";

/** A view with the syntax of all its files. */
export class ViewState implements PlanState {
    readonly context: RenameContext;
    readonly #ports: EnginePorts;
    readonly #view: View;
    readonly #captures: ReadonlyMap<string, FileCapture>;

    readonly #made: MadeSources | undefined;

    constructor(
        ports: EnginePorts,
        view: View,
        captures: ReadonlyMap<string, FileCapture>,
        made: MadeSources | undefined,
    ) {
        this.#ports = ports;
        this.#view = view;
        this.#captures = captures;
        this.#made = made;
        this.context = contextOf(ports, view, captures, made);
    }

    after(changes: ReadonlyMap<string, string>, moves: readonly FileMove[]): ViewState {
        const ports = this.#ports;
        const view = this.#view;
        const captures = captureChanges(this.#captures, { changes, moves }, (file) =>
            ports.parser.captureRenamed({ ...file, before: view.text(file.capture.path) }),
        );
        const model = moveFiles(view.model, moves);
        const resolution = ports.resolver.resolve({ model, captures });
        const derived = deriveView({ ...view, model, resolution }, changes, moves);
        return new ViewState(ports, derived, captures, this.#made);
    }

    select(written: string, as: "item" | "import" | "alias"): RenameTarget | Refusal {
        const place = splitPlace(written);
        const view = this.#view;
        if (place === undefined) {
            const chosen = selectRename(view, { kind: "path", path: written }, as);
            return chosen.kind === "refusal" ? chosen : chosen.target;
        }
        // People count characters, from 1; inside the program columns are UTF-16 units.
        const path = place.file;
        const at = { line: place.line - 1, column: place.column - 1 };
        const found =
            view.file(path) === undefined
                ? { path, ...at }
                : { path, ...unitColumn(view.lines(path), at) };
        const chosen = selectRename(view, { kind: "place", place: found }, as);
        return chosen.kind === "refusal" ? chosen : chosen.target;
    }

    atOnce<T>(plan: () => T): T {
        return atOnce(this.#ports, plan);
    }
}

function unitColumn(
    lines: LineIndex,
    at: { readonly line: number; readonly column: number },
): { readonly line: number; readonly column: number } {
    return lines.position(lines.offset(at, "utf-32"));
}

/** A view with changed texts and moved files. */
function deriveView(
    before: View,
    changes: ReadonlyMap<string, string>,
    moves: readonly FileMove[],
): View {
    const gone = new Set(moves.map(({ from }) => from).filter((path) => !changes.has(path)));
    const lines = new Map<string, LineIndex>();
    const files = new Map<string, ViewFile>();
    const changed = (path: string): LineIndex | undefined => {
        const text = changes.get(path);
        if (text === undefined) {
            return undefined;
        }
        const known = lines.get(path) ?? new LineIndex(text);
        lines.set(path, known);
        return known;
    };
    const linesOf = (path: string): LineIndex => {
        if (gone.has(path)) {
            throw new OperatingError("FILE_NOT_IN_WORKSPACE", `${path} has moved`);
        }
        return changed(path) ?? before.lines(path);
    };
    const fileOf = (path: string): ViewFile | undefined => {
        const text = changes.get(path);
        if (text === undefined) {
            return gone.has(path) ? undefined : before.file(path);
        }
        const contentHash = hashBytes(Buffer.from(text, "utf8"));
        const { lineCount } = linesOf(path);
        const file = files.get(path) ?? { contentHash, lineCount, unsaved: true };
        files.set(path, file);
        return file;
    };
    return {
        ...before,
        lines: linesOf,
        text: (path) => linesOf(path).text,
        file: fileOf,
        paths: () =>
            [...new Set([...before.paths(), ...changes.keys()])]
                .filter((path) => !gone.has(path))
                .sort(),
    };
}
