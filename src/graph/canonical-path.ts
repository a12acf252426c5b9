// Canonical paths as text, and back: readable, escaped, one text for one path.
// Format: docs/formats/graph-log.md ("Canonical paths"). The text is what node ids are hashed from.

import { OperatingError } from "../base/index.ts";
import {
    SYMBOL_KINDS,
    type CanonicalPath,
    type Namespace,
    type PathOrigin,
    type PathSegment,
    type SymbolKind,
} from "./model.ts";

const NAMESPACES: readonly Namespace[] = ["type", "value", "macro", "none"];
const WORKSPACE_MARK = "ws:";
const EXTERNAL_MARK = "ext:";

/** Separates a path's text from that of its children; a child's text is parent + separator + segment. */
export const SEGMENT_SEPARATOR = "/";

/** Writes a canonical path as text. */
export function encodeCanonicalPath(path: CanonicalPath): string {
    let text = encodeOrigin(path.origin);
    for (const segment of path.segments) {
        text += SEGMENT_SEPARATOR + encodeSegment(segment);
    }
    return text;
}

/** Writes a path of an origin alone: what begins the texts of all that is in it. */
export function encodeOriginPath(origin: PathOrigin): string {
    return encodeOrigin(origin);
}

/** Writes the path of a child: its parent's text, and its own segment. */
export function encodeChildPath(parent: string, segment: PathSegment): string {
    return parent + SEGMENT_SEPARATOR + encodeSegment(segment);
}

/** Writes the path of one of several symbols that have the same one. */
export function encodeOrdinalPath(path: string, ordinal: number): string {
    return `${path}~${ordinal}`;
}

/** Reads a canonical path back from its text; throws GRAPH_BAD_PATH for any other text. */
export function parseCanonicalPath(text: string): CanonicalPath {
    const parsed = text.startsWith(WORKSPACE_MARK)
        ? parseWorkspace(text)
        : text.startsWith(EXTERNAL_MARK)
          ? parseExternal(text)
          : bad(text, "it begins with neither ws: nor ext:");
    // One path has one text: spellings that encoding would not give are refused.
    if (encodeCanonicalPath(parsed) !== text) {
        return bad(text, "it is not in canonical form");
    }
    return parsed;
}

/** Writes a path as a person does: `krate::module::Type::method`, `<Type as Trait>::method`. */
export function displayPath(path: CanonicalPath): string {
    let parts = [displayOrigin(path.origin)];
    path.segments.forEach((segment, index) => {
        if (segment.kind === "crate" && index === 0) {
            parts = [segment.name];
        } else if (segment.kind === "impl") {
            parts = [segment.name];
        } else {
            parts.push(segment.name);
        }
    });
    return parts.join("::");
}

function displayOrigin(origin: PathOrigin): string {
    return (origin.kind === "workspace" ? origin.targetName : origin.package).replaceAll("-", "_");
}

function encodeOrigin(origin: PathOrigin): string {
    if (origin.kind === "workspace") {
        const folder = escape(origin.folder, /[%#\p{Cc}]/gu);
        const target = `${escapeField(origin.targetKind)}:${escapeField(origin.targetName)}`;
        return `${WORKSPACE_MARK}${folder}#${escapeField(origin.package)}/${target}`;
    }
    const source = escape(origin.source, /[%#\p{Cc}]/gu);
    const version = escapeField(origin.version);
    return `${EXTERNAL_MARK}${source}#${escapeField(origin.package)}@${version}`;
}

function encodeSegment(segment: PathSegment): string {
    let text = `${segment.kind}.${segment.namespace}:${escapeName(segment.name)}`;
    if (segment.cfg !== undefined) {
        text += `#${escapeName(segment.cfg)}`;
    }
    if (segment.ordinal !== undefined) {
        return encodeOrdinalPath(text, segment.ordinal);
    }
    return text;
}

function parseWorkspace(text: string): CanonicalPath {
    const hash = text.indexOf("#");
    if (hash < 0) {
        return bad(text, "the package is missing");
    }
    const [name = "", target, ...segments] = text.slice(hash + 1).split(SEGMENT_SEPARATOR);
    const colon = target?.indexOf(":") ?? -1;
    if (target === undefined || colon < 0) {
        return bad(text, "the target is missing");
    }
    return {
        origin: {
            kind: "workspace",
            folder: unescape(text.slice(WORKSPACE_MARK.length, hash), text),
            package: unescape(name, text),
            targetKind: unescape(target.slice(0, colon), text),
            targetName: unescape(target.slice(colon + 1), text),
        },
        segments: segments.map((segment) => parseSegment(segment, text)),
    };
}

function parseExternal(text: string): CanonicalPath {
    const hash = text.indexOf("#");
    const [spec = "", ...segments] = text.slice(hash + 1).split(SEGMENT_SEPARATOR);
    const at = spec.indexOf("@");
    if (hash < 0 || at < 0) {
        return bad(text, "the package is missing");
    }
    return {
        origin: {
            kind: "external",
            package: unescape(spec.slice(0, at), text),
            version: unescape(spec.slice(at + 1), text),
            source: unescape(text.slice(EXTERNAL_MARK.length, hash), text),
        },
        segments: segments.map((segment) => parseSegment(segment, text)),
    };
}

function parseSegment(segment: string, text: string): PathSegment {
    const match = /^([a-z-]+)\.([a-z]+):([^#~]*)(?:#([^#~]*))?(?:~([1-9][0-9]*))?$/su.exec(segment);
    if (match === null) {
        return bad(text, `"${segment}" is no segment`);
    }
    const [, kind, namespace, name, cfg, ordinal] = match;
    if (!isSymbolKind(kind) || !isNamespace(namespace)) {
        return bad(text, `"${segment}" has an unknown kind`);
    }
    return {
        kind,
        namespace,
        name: unescape(name ?? "", text),
        ...(cfg === undefined ? {} : { cfg: unescape(cfg, text) }),
        ...(ordinal === undefined ? {} : { ordinal: Number(ordinal) }),
    };
}

function isSymbolKind(text: string | undefined): text is SymbolKind {
    return (SYMBOL_KINDS as readonly (string | undefined)[]).includes(text);
}

function isNamespace(text: string | undefined): text is Namespace {
    return (NAMESPACES as readonly (string | undefined)[]).includes(text);
}

const FIELD = /[%/#:@\p{Cc}]/gu;
const NAME = /[%/#~\p{Cc}]/gu;

function escapeField(text: string): string {
    return escape(text, FIELD);
}

function escapeName(text: string): string {
    return escape(text, NAME);
}

// All escaped characters are below U+00A0, so two hex digits hold them.
function escape(text: string, reserved: RegExp): string {
    return text.replace(
        reserved,
        (char) => `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`,
    );
}

function unescape(text: string, whole: string): string {
    if (/%(?![0-9A-F]{2})/u.test(text)) {
        return bad(whole, "it has a broken escape");
    }
    return text.replace(/%([0-9A-F]{2})/gu, (_, digits: string) =>
        String.fromCharCode(Number.parseInt(digits, 16)),
    );
}

function bad(text: string, why: string): never {
    throw new OperatingError("GRAPH_BAD_PATH", `"${text}" is not a canonical path: ${why}`);
}
