// Primitive types that would be hidden where no token of ours shows it: a type of such a name stands for the primitive
// type in what macros are called with and expand to, and in what attributes make. What is read as Rust the proof compares.

import type { Place, Span } from "../base/index.ts";
import {
    isStdMacroName,
    type LocalInfo,
    type Occurrence,
    type Resolution,
    type SymbolInfo,
} from "../resolve/index.ts";
import { KIND } from "../syntax/index.ts";
import type { RenameContext } from "./context.ts";
import { macrosExpandedIn } from "./could-mean.ts";
import { canReachCrate } from "./crate-reach.ts";
import { FileSyntax } from "./file-syntax.ts";
import type { FoundConflict } from "./model.ts";
import { placeAt } from "./places.ts";
import { isPrimitiveType } from "./rust-names.ts";
import type { Subject } from "./subject.ts";
import { attributesAround, OF_STD, unseenAttributeIn } from "./unseen-macros.ts";

/** Kinds that hide a primitive type by its name; members do not, nor modules, behind which a path goes on at the type. */
const HIDING: ReadonlySet<SymbolInfo["kind"]> = new Set([
    "struct",
    "enum",
    "union",
    "trait",
    "trait-alias",
    "type-alias",
    "crate",
    "external",
]);

/** Where the name of an item, or of an import, can be seen. */
interface Seen {
    readonly crate: number | undefined;
    readonly isPublic: boolean;
}

/** Tells where a type that takes the name of a primitive one may hide it unseen. */
export function primitiveConflict(
    context: RenameContext,
    subject: Subject,
    newName: string,
): FoundConflict[] {
    if (!isPrimitiveType(newName)) {
        return [];
    }
    const { local } = subject;
    const places =
        local === undefined
            ? subject.members
                  .filter(isHiding)
                  .flatMap(({ crate, visibility }) =>
                      usesOfItem(context, { crate, isPublic: visibility === "public" }, newName),
                  )
            : local.kind === "type-parameter"
              ? usesOfParameter(context, local, newName)
              : [];
    return conflictAt(places, newName);
}

/** The same of an import that takes such a name. */
export function primitiveImportConflict(
    context: RenameContext,
    { item, isPublic }: { readonly item: Occurrence; readonly isPublic: boolean },
    newName: string,
): FoundConflict[] {
    const { binding, crate } = item;
    const isBeside =
        binding.kind === "symbol" &&
        binding.symbols.every((one) => !isHiding(context.resolution.symbol(one)));
    return isBeside || !isPrimitiveType(newName)
        ? []
        : conflictAt(usesOfItem(context, { crate, isPublic }, newName), newName);
}

function conflictAt([first]: readonly Place[], name: string): FoundConflict[] {
    return first === undefined
        ? []
        : [
              {
                  kind: "hides-primitive",
                  grade: "unproved",
                  message: `the primitive type \`${name}\` would be hidden where it may be used`,
                  at: [first],
              },
          ];
}

function isHiding({ kind }: SymbolInfo): boolean {
    return HIDING.has(kind);
}

/** The first unseen use in a type parameter's scope, in bodies that are expanded there, or by attributes around. */
function usesOfParameter(context: RenameContext, local: LocalInfo, name: string): Place[] {
    const file = FileSyntax.of(context, local.file);
    if (file === undefined) {
        return [placeAt(context.textOf(local.file), local.file, local.nameSpan.start)];
    }
    const reader = new UseReader(context, name);
    reader.readRange(file, local.scope);
    for (const span of attributesAround(file, file.tree.nodeAt(local.nameSpan.start) ?? 0)) {
        reader.readRange(file, span);
    }
    for (const macro of macrosExpandedIn(context.resolution, local)) {
        reader.readMacros(macro);
    }
    return reader.found;
}

/** The first unseen use in the crates that can name an item, or in a macro's body. */
function usesOfItem(context: RenameContext, { crate, isPublic }: Seen, name: string): Place[] {
    const { resolution, model } = context;
    const reader = new UseReader(context, name);
    const isNear = (owner: number): boolean =>
        crate === undefined ||
        owner === crate ||
        (isPublic && canReachCrate(model, resolution, owner, crate));
    for (const { path, owners } of resolution.files()) {
        const file = FileSyntax.of(context, path);
        if (owners.some(isNear) && reader.found.length === 0) {
            if (file === undefined) {
                return [placeAt(context.textOf(path), path, 0)];
            }
            reader.readRange(file, { start: 0, end: file.text.length });
        } else if (file !== undefined) {
            reader.readDefinitions(file);
        }
    }
    return reader.found;
}

/** Looks for tokens of a primitive type's name that macros take, and for macros that are not seen. */
class UseReader {
    /** The first that was found; then nothing more is looked for. */
    readonly found: Place[] = [];
    readonly #context: RenameContext;
    readonly #name: string;
    readonly #read = new Set<string>();

    constructor(context: RenameContext, name: string) {
        this.#context = context;
        this.#name = name;
    }

    /** Reads the nodes of a range. */
    readRange(file: FileSyntax, range: Span): void {
        const { kind, start, end } = file.tree.columns;
        for (let node = 0; node < kind.length && this.found.length === 0; node++) {
            const isInside = (start[node] ?? 0) >= range.start && (end[node] ?? 0) <= range.end;
            if (isInside && this.#isUnseen(file, node)) {
                this.found.push(placeAt(file.text, file.path, start[node] ?? 0));
            }
        }
        this.#readAttributes(file, range);
    }

    /** Reads every macro of the workspace of a name. */
    readMacros(name: string): void {
        const { resolution } = this.#context;
        for (const index of resolution.findByName(name)) {
            const { kind, file: path, extent } = resolution.symbol(index);
            const key = `${path}:${extent?.start}`;
            if (kind !== "macro" || path === undefined || extent === undefined) {
                continue;
            }
            const file = FileSyntax.of(this.#context, path);
            if (file !== undefined && !this.#read.has(key)) {
                this.#read.add(key);
                this.readRange(file, extent);
            }
        }
    }

    /** Reads the bodies of all macros that a file defines. */
    readDefinitions(file: FileSyntax): void {
        const { kind } = file.tree.columns;
        for (let node = 0; node < kind.length; node++) {
            if (kind[node] === KIND.macro_definition) {
                this.readRange(file, file.span(node));
            }
        }
    }

    #isUnseen(file: FileSyntax, node: number): boolean {
        switch (file.tree.columns.kind[node]) {
            case KIND.primitive_type:
            case KIND.identifier:
                return file.isMacroToken(node) && this.#isUnseenToken(file, node);
            case KIND.macro_invocation: {
                const path = file.child(node, "macro");
                return path === undefined || !this.#isKnownCall(file, path);
            }
            default:
                return false;
        }
    }

    /** A token of a macro's: the name itself, or that of a macro that is not seen. */
    #isUnseenToken(file: FileSyntax, node: number): boolean {
        const name = file.tree.nameOf(node);
        const isCall = /^\s*!\s*[([{]/u.test(file.text.slice(file.end(node), file.end(node) + 8));
        return name === this.#name || (isCall && !this.#isKnownMacro(name));
    }

    #isKnownCall(file: FileSyntax, path: number): boolean {
        const last = file.child(path, "name") ?? path;
        const calls = occurrencesOf(this.#context.resolution, file.path, file.start(last));
        return calls.length > 0 && calls.every((one) => this.#isKnown(one));
    }

    #isKnown({ binding, name }: Occurrence): boolean {
        switch (binding.kind) {
            case "symbol":
                return binding.symbols.every(
                    (one) => this.#context.resolution.symbol(one).file !== undefined,
                );
            case "builtin":
                return true;
            case "external":
                return OF_STD.test(binding.path) && isStdMacroName(name);
            case "ambiguous":
            case "local":
            case "opaque":
            case "unresolved":
                return false;
        }
    }

    /** Whether a name in a macro's body can be that of a macro of the workspace, or of std. */
    #isKnownMacro(name: string): boolean {
        const { resolution } = this.#context;
        return (
            isStdMacroName(name) ||
            resolution.findByName(name).some((one) => {
                const { kind, file } = resolution.symbol(one);
                return kind === "macro" && file !== undefined;
            })
        );
    }

    /** What std derives names no type that can be hidden; what others make is not seen. */
    #readAttributes(file: FileSyntax, range: Span): void {
        const { resolution } = this.#context;
        const unseen =
            this.found.length > 0 ? undefined : unseenAttributeIn(resolution, file.path, range);
        if (unseen !== undefined) {
            this.found.push(placeAt(file.text, file.path, unseen.span.start));
        }
    }
}

/** The macro calls whose names begin at an offset. */
function occurrencesOf(resolution: Resolution, path: string, start: number): Occurrence[] {
    return resolution
        .occurrencesAt(path, start)
        .filter((one) => one.span.start === start && one.role === "macro-call");
}
