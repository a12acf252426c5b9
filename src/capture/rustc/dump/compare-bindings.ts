// Compares what the compiler bound before and after an edit: every use must name the same definition.

import { FACT_ROLE, type FactDefinition, type FactRole, type RustcFacts } from "../facts.ts";
import { DefinitionPairs, type MapPosition } from "./pair-definitions.ts";

/** Something that is bound otherwise after the edit. */
export interface BindingDifference {
    readonly kind: "definition-lost" | "definition-gained" | "use-lost" | "use-gained" | "rebound";
    /** File and offset; of the text before the edit for what was lost. */
    readonly file: string;
    readonly offset: number;
    readonly before?: string;
    readonly after?: string;
}

/** What two captures of one compilation agree on. */
export interface BindingComparison {
    readonly equal: boolean;
    /** Uses that were compared. */
    readonly compared: number;
    readonly differences: readonly BindingDifference[];
}

/** How to compare. */
export interface CompareOptions {
    /** Pairs of all compilations of the workspace; by default those of this one. */
    readonly pairs?: DefinitionPairs;
    /** At most so many differences are listed. */
    readonly differencesMax?: number;
}

const ROLES = Object.keys(FACT_ROLE) as FactRole[];

/** Compares the uses of two captures of one compilation, paired through the edit. */
export function compareBindings(
    before: RustcFacts,
    after: RustcFacts,
    mapPosition: MapPosition,
    options: CompareOptions = {},
): BindingComparison {
    const differencesMax = options.differencesMax ?? 100;
    const pairs = options.pairs ?? pairOne(before, after, mapPosition);
    const differences: BindingDifference[] = [];
    if (options.pairs === undefined) {
        differences.push(
            ...pairs.lost.map((each) => definitionDifference("definition-lost", before, each)),
            ...pairs.gained.map((each) => definitionDifference("definition-gained", after, each)),
        );
    }
    const expected = namedUses(before, (facts, index) =>
        translateUse(facts, index, pairs, mapPosition),
    );
    const actual = namedUses(after, ownUse);
    for (const [place, use] of expected) {
        const found = actual.get(place);
        if (found === undefined) {
            differences.push({ kind: "use-lost", ...use.at, before: use.names.join(", ") });
        } else if (found.names.join() !== use.names.join()) {
            const names = { before: use.names.join(", "), after: found.names.join(", ") };
            differences.push({ kind: "rebound", ...found.at, ...names });
        }
    }
    for (const [place, use] of actual) {
        if (!expected.has(place)) {
            differences.push({ kind: "use-gained", ...use.at, after: use.names.join(", ") });
        }
    }
    return {
        equal: differences.length === 0,
        compared: before.uses.start.length,
        differences: differences.slice(0, differencesMax),
    };
}

function pairOne(before: RustcFacts, after: RustcFacts, map: MapPosition): DefinitionPairs {
    const pairs = new DefinitionPairs();
    pairs.add(before, after, map);
    return pairs;
}

function definitionDifference(
    kind: "definition-lost" | "definition-gained",
    facts: RustcFacts,
    definition: FactDefinition,
): BindingDifference {
    const name = `${definition.kind} ${definition.path}`;
    return {
        kind,
        file: facts.files[definition.file]?.path ?? "",
        offset: definition.start,
        ...(kind === "definition-lost" ? { before: name } : { after: name }),
    };
}

interface NamedUse {
    readonly at: { readonly file: string; readonly offset: number };
    readonly names: string[];
}

interface PlacedName {
    readonly at: { readonly file: string; readonly offset: number };
    readonly name: string;
    /** Place and role after the edit. */
    readonly key: string;
}

type NameUse = (facts: RustcFacts, index: number) => PlacedName;

/** Uses by place and role after the edit, with all that they name there. */
function namedUses(facts: RustcFacts, nameUse: NameUse): Map<string, NamedUse> {
    const uses = new Map<string, NamedUse>();
    for (let index = 0; index < facts.uses.start.length; index += 1) {
        const target = facts.targets[facts.uses.target[index] ?? 0];
        if (target?.kind === "local" && target.file === undefined) {
            continue; // Which of several tokens is meant hangs on how often the name is written there.
        }
        const { at, name, key } = nameUse(facts, index);
        const use = uses.get(key) ?? { at, names: [] };
        use.names.push(name);
        uses.set(key, use);
    }
    for (const use of uses.values()) {
        use.names.sort();
    }
    return uses;
}

function placeOf(
    facts: RustcFacts,
    index: number,
): { file: string; offset: number; role: FactRole } {
    const { uses } = facts;
    return {
        file: facts.files[uses.file[index] ?? -1]?.path ?? "",
        offset: uses.start[index] ?? 0,
        role: ROLES[uses.role[index] ?? 0] ?? "path",
    };
}

function ownUse(facts: RustcFacts, index: number): PlacedName {
    const { file, offset, role } = placeOf(facts, index);
    const target = facts.targets[facts.uses.target[index] ?? 0];
    const local = facts.files[target?.file ?? -1]?.path;
    const name =
        target?.kind === "local"
            ? `local ${local ?? ""}:${target.start ?? 0}`
            : withoutHashes(target?.path ?? "");
    return { at: { file, offset }, name, key: `${file}:${offset}:${role}` };
}

function translateUse(
    facts: RustcFacts,
    index: number,
    pairs: DefinitionPairs,
    mapPosition: MapPosition,
): PlacedName {
    const { file, offset, role } = placeOf(facts, index);
    const mapped = mapPosition(file, offset, role);
    const key = mapped === undefined ? `gone ${index}` : `${mapped.file}:${mapped.offset}:${role}`;
    const target = facts.targets[facts.uses.target[index] ?? 0];
    if (target?.kind !== "local") {
        const path = target === undefined ? undefined : pairs.translate(target.path);
        return { at: { file, offset }, name: withoutHashes(path ?? "?"), key };
    }
    // A binding in a shorthand pattern moves with the local's half of it.
    const home = facts.files[target.file ?? -1]?.path ?? "";
    const binding = mapPosition(home, target.start ?? 0, "definition");
    const name = binding === undefined ? "?" : `local ${binding.file}:${binding.offset}`;
    return { at: { file, offset }, name, key };
}

/** Hashes of crates change with anything in them. */
function withoutHashes(path: string): string {
    return path.replace(/^([^:[]*)\[[0-9a-f]+\]/, "$1");
}
