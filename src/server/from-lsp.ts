// From LSP's parameters to what the engine understands.

import { refuse, type Refusal } from "../base/index.ts";
import { chooseOccurrence, type View } from "../engine/index.ts";
import type { PlaceDto } from "../protocol/index.ts";
import type { Occurrence } from "../resolve/index.ts";
import type { TextDocumentPositionParams } from "vscode-languageserver";
import { fromPosition } from "./positions.ts";
import type { Session } from "./session.ts";

/** A place in a file of the workspace. */
export interface FilePlace {
    readonly kind: "file-place";
    readonly path: string;
    readonly offset: number;
    readonly place: PlaceDto;
}

/** Turns a document position into a place; a document outside the workspace is refused. */
export function fromDocumentPosition(
    session: Session,
    view: View,
    params: TextDocumentPositionParams,
): FilePlace | Refusal {
    const path = requirePath(session, view, params.textDocument.uri);
    if (typeof path !== "string") {
        return path;
    }
    const lines = view.lines(path);
    const offset = fromPosition(lines, params.position, session.encoding);
    return { kind: "file-place", path, offset, place: { path, ...lines.position(offset) } };
}

/** The occurrence at a document position; undefined where there is none. */
export function occurrenceAt(
    session: Session,
    view: View,
    params: TextDocumentPositionParams,
): Occurrence | undefined {
    const at = fromDocumentPosition(session, view, params);
    return at.kind === "refusal"
        ? undefined
        : chooseOccurrence(view.resolution.occurrencesAt(at.path, at.offset));
}

/** Path of a document of the workspace, or the reason why it is none. */
export function requirePath(session: Session, view: View, uri: string): string | Refusal {
    const path = session.uris.toPath(uri);
    return path === undefined || view.file(path) === undefined
        ? refuse("FILE_NOT_IN_WORKSPACE", `${uri} is not a file of the workspace`)
        : path;
}
