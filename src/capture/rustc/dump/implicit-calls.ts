// Calls that no token names: operators, `?`, loops, `.await`, deref and index steps, closures called,
// values dropped, what derives and format macros call. From printed MIR, which alone shows them all.

import { checkCancelled } from "../../../base/index.ts";
import type { ImplicitCause } from "../facts.ts";
import type { DumpStream, ReadLimits } from "./dump-entries.ts";
import { ownText } from "./dump-words.ts";
import type { FactCollector } from "./fact-collector.ts";
import { calleeOf, readMirBodies, type MirBody, type MirStatement } from "./mir-text.ts";
import { pathIdents } from "./path-tokens.ts";
import type { SourceSpan } from "./source-files.ts";

/** Reads a MIR dump after HIR and THIR: a call with a token is known by then. */
export async function readImplicitCalls(
    stream: DumpStream,
    collector: FactCollector,
    limits: ReadLimits,
): Promise<void> {
    const reader = new ImplicitCallReader(collector);
    for await (const body of readMirBodies(stream, limits.entryBytesMax)) {
        checkCancelled(limits.signal);
        reader.readBody(body);
    }
}

class ImplicitCallReader {
    readonly #collector: FactCollector;
    readonly #owners: MirOwners;
    readonly #seen = new Set<string>();

    constructor(collector: FactCollector) {
        this.#collector = collector;
        this.#owners = new MirOwners(collector);
    }

    readBody(body: MirBody): void {
        const owner = this.#owners.find(body.path);
        if (owner === undefined) {
            this.#collector.drop("owner");
            return;
        }
        this.#seen.clear();
        for (const block of body.blocks) {
            const terminator = block.statements.at(-1);
            if (terminator !== undefined) {
                this.#terminator(owner, body, terminator);
            }
        }
    }

    #terminator(owner: string, body: MirBody, terminator: MirStatement): void {
        const dropped = /^drop\((.*)\) -> /.exec(terminator.text)?.[1];
        if (dropped !== undefined) {
            const type = body.locals.get(dropped) ?? /: (.*)\)$/.exec(dropped)?.[1] ?? dropped;
            this.#add(owner, `drop ${type}`, "drop", terminator.span);
            return;
        }
        const callee = calleeOf(terminator.text);
        const constant = terminator.constants.find(({ value }) =>
            value.endsWith(`val: Value(${callee ?? ""}) }`),
        );
        if (callee === undefined || constant === undefined) {
            return;
        }
        const cause = causeOf(callee);
        const span = this.#collector.files.span(constant.span);
        if (span !== undefined && this.#isNamed(callee, span, cause)) {
            return;
        }
        this.#add(owner, callee, cause, terminator.span);
    }

    #add(owner: string, target: string, cause: ImplicitCause, printed: string): void {
        const key = `${target} ${printed}`;
        if (this.#seen.has(key)) {
            return;
        }
        this.#seen.add(key);
        const span = this.#collector.files.span(printed);
        this.#collector.implicit.push({
            owner,
            target: ownText(target),
            cause,
            file: span?.file ?? -1,
            start: span?.start ?? 0,
            end: span?.end ?? 0,
        });
    }

    /** True when the source names the callee where the operand stands. */
    #isNamed(callee: string, span: SourceSpan, cause: ImplicitCause): boolean {
        const file = this.#collector.files.file(span.file);
        const idents = pathIdents(file.tokens, span.start, span.end);
        const name = lastName(callee);
        const last = idents.at(-1);
        if (last === undefined) {
            return false;
        }
        if (file.tokens.name(last) === name) {
            return true;
        }
        // The names that a macro's body calls may be its parameters.
        if (cause === "other" && file.macroAt(span.start) !== undefined) {
            return true;
        }
        const start = file.tokens.starts[last] ?? 0;
        return this.#collector
            .pathsAt(span.file, start)
            .some((path) => path.slice(path.lastIndexOf("::") + 2) === name);
    }
}

/** Last name of a printed path, without generic arguments and raw prefix. */
function lastName(path: string): string {
    let depth = 0;
    let name = "";
    for (let at = 0; at < path.length; at += 1) {
        const character = path[at] ?? "";
        if (character === "<") {
            depth += 1;
        } else if (character === ">" && path[at - 1] !== "-") {
            depth -= 1;
        } else if (depth === 0 && character !== ":") {
            // A name begins anew behind a separator; one before generic arguments stays.
            name = path[at - 1] === ":" ? character : name + character;
        }
    }
    return name.startsWith("r#") ? name.slice(2) : name;
}

const OPERATORS =
    /^<.* as (?:std|core)::(?:ops::(?:Add|Sub|Mul|Div|Rem|Neg|Not|BitAnd|BitOr|BitXor|Shl|Shr)(?:Assign)?|cmp::Partial(?:Eq|Ord))(?:<.*>)?>::\w+/;

const CAUSES: readonly (readonly [RegExp, ImplicitCause])[] = [
    [OPERATORS, "operator"],
    [/^<.* as (?:std|core)::ops::Index(?:Mut)?<.*>>::index(?:_mut)?$/, "index"],
    [/^<.* as .*\b(?:__)?Deref(?:Mut)?>::deref(?:_mut)?$/, "deref"],
    [/^<.* as (?:std|core)::ops::(?:Try>::|FromResidual<)/, "try"],
    [/^<.* as (?:std|core)::iter::(?:IntoIterator>::into_iter|Iterator>::next)$/, "for"],
    [/^<.* as (?:std|core)::future::(?:IntoFuture>::into_future|Future>::poll)$/, "await"],
    [/^(?:std|core)::pin::Pin::<.*\{async .*>::new_unchecked$/, "await"],
    [/^<.* as (?:std|core)::ops::(?:Async)?Fn(?:Mut|Once)?<.*>>::/, "closure"],
    [/^(?:std|core)::fmt::(?:rt::|Arguments::)/, "format"],
];

function causeOf(callee: string): ImplicitCause {
    return CAUSES.find(([pattern]) => pattern.test(callee))?.[1] ?? "other";
}

/** From printed paths of bodies to DefPaths: an impl is printed by its place. */
class MirOwners {
    readonly #collector: FactCollector;
    readonly #root: string;

    constructor(collector: FactCollector) {
        this.#collector = collector;
        this.#root = collector.crateRoot();
    }

    find(printed: string): string | undefined {
        const at = printed.lastIndexOf("<impl at ");
        if (at < 0) {
            return `${this.#root}::${printed.replaceAll("r#", "")}`;
        }
        const close = printed.indexOf(">", at);
        const place = printed.slice(at + "<impl at ".length, close);
        const impl = this.#collector.impls.get(place.slice(0, place.lastIndexOf(": ")));
        return impl === undefined || impl === ""
            ? undefined
            : impl + printed.slice(close + 1).replaceAll("r#", "");
    }
}
