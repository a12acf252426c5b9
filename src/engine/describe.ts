// Symbols, places and edits as plain data for people and protocols. Positions become lines here.

import type { Place, Problem, Span } from "../base/index.ts";
import { formatNodeId } from "../graph/index.ts";
import type {
    ConflictDto,
    EditDto,
    PlaceDto,
    ProblemDto,
    SymbolDto,
    UnprovedDto,
} from "../protocol/index.ts";
import type { Conflict, RenameTarget, TextEdit, UnprovedPlace } from "../refactor/index.ts";
import type { LocalInfo, SymbolIndex } from "../resolve/index.ts";
import type { View } from "./view.ts";

const LINE_TEXT_MAX = 240;

/** Turns an offset into a line and column. */
export function placeAt(view: View, path: string, offset: number): PlaceDto {
    return { path, ...view.lines(path).position(offset) };
}

/** Describes a symbol of the graph. */
export function describeSymbol(view: View, index: SymbolIndex): SymbolDto {
    const symbol = view.resolution.symbol(index);
    const span = symbol.nameSpan ?? symbol.extent;
    const crate = symbol.crate === undefined ? undefined : view.resolution.symbol(symbol.crate);
    return {
        id: formatNodeId(symbol.id),
        name: symbol.name,
        kind: symbol.kind,
        path: symbol.display,
        crate: crate?.name ?? "",
        at:
            symbol.file === undefined || span === undefined
                ? undefined
                : placeAt(view, symbol.file, span.start),
    };
}

/** Describes a local symbol. */
export function describeLocal(view: View, local: LocalInfo): SymbolDto {
    const owner = view.resolution.files().find((file) => file.path === local.file)?.owners[0];
    return {
        id: "",
        name: local.name,
        kind: local.kind,
        path: local.name,
        crate: owner === undefined ? "" : view.resolution.symbol(owner).name,
        at: placeAt(view, local.file, local.nameSpan.start),
    };
}

/** Describes what is renamed or asked for. */
export function describeTarget(view: View, target: RenameTarget): SymbolDto {
    return target.kind === "local"
        ? describeLocal(view, target.local)
        : describeSymbol(view, target.symbol);
}

/** Describes the replacement of a span. */
export function describeEdit(view: View, edit: TextEdit): EditDto {
    const lines = view.lines(edit.path);
    const start = lines.position(edit.span.start);
    const end = lines.position(edit.span.end);
    return {
        path: edit.path,
        line: start.line,
        column: start.column,
        endLine: end.line,
        endColumn: end.column,
        newText: edit.newText,
        oldText: edit.oldText,
        precision: edit.precision,
        role: edit.role,
    };
}

/** Describes a token that is not decided. */
export function describeUnproved(view: View, place: UnprovedPlace): UnprovedDto {
    return {
        at: placeAt(view, place.path, place.span.start),
        reason: place.reason,
        lineText: lineTextAt(view, place.path, place.span),
    };
}

/** Describes what a rename would bring about besides the new name. */
export function describeConflict(conflict: Conflict): ConflictDto {
    return {
        kind: conflict.kind,
        grade: conflict.grade,
        message: conflict.message,
        at: conflict.at.map(describePlace),
        advice: conflict.advice,
    };
}

/** Copies a place. */
export function describePlace(place: Place): PlaceDto {
    return { path: place.path, line: place.line, column: place.column };
}

/** Describes a problem of an input. */
export function describeProblem(problem: Problem): ProblemDto {
    return {
        code: problem.code,
        message: problem.message,
        path: problem.path,
        line: problem.line,
    };
}

function lineTextAt(view: View, path: string, span: Span): string {
    const lines = view.lines(path);
    const line = lines.lineOf(span.start);
    return lines.text
        .slice(lines.lineStart(line), lines.lineEnd(line))
        .trim()
        .slice(0, LINE_TEXT_MAX);
}
