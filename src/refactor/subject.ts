// What is renamed, prepared for questions: its family, which tokens mean it, which could.

import { compareText, type Span } from "../base/index.ts";
import type { LocalInfo, Occurrence, Resolution, SymbolInfo } from "../resolve/index.ts";
import { localKey } from "./find-target.ts";
import type { RenameTarget } from "./model.ts";
import type { NameUse } from "./new-name.ts";

/** What has a definition of its own. */
export type ItemTarget = Exclude<RenameTarget, { kind: "import" }>;

/** The target of a rename with everything that must move with it. */
export interface Subject {
    readonly target: ItemTarget;
    readonly oldName: string;
    /** All symbols that take the new name together; empty for a local. */
    readonly family: ReadonlySet<number>;
    readonly members: readonly SymbolInfo[];
    readonly local: LocalInfo | undefined;
    /** Keys of locals that take the new name along: parameters that become a field. */
    readonly companions: ReadonlySet<string>;
    readonly use: NameUse;
}

const NONE: ReadonlySet<string> = new Set();

/** How one occurrence stands to the subject. */
export type Relation = "is-subject" | "is-other" | "is-both" | "is-undecided";

/** Prepares a target. */
export function prepareSubject(resolution: Resolution, target: ItemTarget): Subject {
    if (target.kind === "local") {
        const { local } = target;
        return {
            target,
            oldName: local.name,
            family: new Set(),
            members: [],
            local,
            companions: NONE,
            use: localUse(local),
        };
    }
    const family = fileFamily(resolution, target.symbol);
    const members = [...family].sort((a, b) => a - b).map((index) => resolution.symbol(index));
    const symbol = resolution.symbol(target.symbol);
    return {
        target,
        oldName: symbol.name,
        family,
        members,
        local: undefined,
        companions: NONE,
        use: symbol.kind === "module" ? "module" : "identifier",
    };
}

function localUse(local: LocalInfo): NameUse {
    switch (local.kind) {
        case "lifetime":
        case "label":
        case "parameter":
            return local.kind;
        case "local":
        case "type-parameter":
        case "const-parameter":
            return "identifier";
    }
}

/** The rename family; modules with one body file belong together, as the file has one name. */
function fileFamily(resolution: Resolution, symbol: number): Set<number> {
    const family = new Set(resolution.renameFamily(symbol));
    const { name, kind } = resolution.symbol(symbol);
    if (kind !== "module") {
        return family;
    }
    for (const file of resolution.files()) {
        if (file.modules.some((module) => family.has(module))) {
            for (const module of file.modules) {
                const other = resolution.symbol(module);
                if (other.kind === "module" && other.name === name) {
                    for (const member of resolution.renameFamily(module)) {
                        family.add(member);
                    }
                }
            }
        }
    }
    return family;
}

/** How an occurrence's binding stands to the subject. */
export function relationOf(subject: Subject, occurrence: Occurrence): Relation {
    const { binding } = occurrence;
    switch (binding.kind) {
        case "symbol": {
            const inside = binding.symbols.filter((symbol) => subject.family.has(symbol)).length;
            if (inside === 0) {
                return "is-other";
            }
            return inside === binding.symbols.length ? "is-subject" : "is-both";
        }
        case "local":
            return isSubjectLocal(subject, binding.local) ? "is-subject" : "is-other";
        case "external":
        case "builtin":
            return "is-other";
        case "ambiguous":
        case "unresolved":
        case "opaque":
            return "is-undecided";
    }
}

function isSubjectLocal({ local, companions }: Subject, other: LocalInfo): boolean {
    if (local === undefined && companions.size === 0) {
        return false;
    }
    const key = localKey(other);
    return companions.has(key) || (local !== undefined && key === localKey(local));
}

/** All occurrences at one token, every view. */
export interface TokenGroup {
    readonly file: string;
    readonly span: Span;
    readonly occurrences: readonly Occurrence[];
}

/** Groups occurrences by the token at which they stand, in file and offset order. */
export function groupByToken(occurrences: Iterable<Occurrence>): TokenGroup[] {
    const groups = new Map<string, { file: string; span: Span; occurrences: Occurrence[] }>();
    for (const occurrence of occurrences) {
        const key = `${occurrence.file}:${occurrence.span.start}`;
        const group = groups.get(key);
        if (group === undefined) {
            groups.set(key, {
                file: occurrence.file,
                span: occurrence.span,
                occurrences: [occurrence],
            });
        } else {
            group.occurrences.push(occurrence);
        }
    }
    return [...groups.values()].sort(
        (a, b) => compareText(a.file, b.file) || a.span.start - b.span.start,
    );
}
