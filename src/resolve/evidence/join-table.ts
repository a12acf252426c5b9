// The join of one file's tokens with rustc's facts: both agree and the binding is exact; they disagree and
// it is ambiguous, never "the better one wins"; the resolver left it open and rustc decides. rust-analyzer's
// word is joined with what that gives in the same way. It is outvoted only where resolver and rustc, who know
// nothing of one another, say the same; that is counted all the same.
//
// Tokens in macro bodies are never decided here: facts speak of the expansions that were compiled, and a
// body can be expanded in other ways elsewhere. What they were seen to mean is kept as candidates.

import { FACT_FLAG, FACT_ROLE } from "../../capture/index.ts";
import type { NodeId } from "../../graph/index.ts";
import { UNKNOWN_OWNER } from "../symbol-facts.ts";
import type { LocalInfo } from "../model.ts";
import {
    BIND,
    OCCURRENCE_FLAG,
    ROLE_CODE,
    SEVERAL_IN_SCOPE,
    type OccurrenceTable,
} from "../walk/occurrence-table.ts";
import type { ResolutionSource } from "../resolution-source.ts";
import { nameSpaceOf } from "./cfg-rivals.ts";
import type { LiveFact, LiveTarget } from "./evidence.ts";
import type { EvidenceFrontend } from "./model.ts";

/** What a join needs of the workspace. */
export interface JoinSource extends Pick<
    ResolutionSource,
    "findById" | "familyOf" | "foreignTraitOf" | "kindOf" | "displayOf" | "externalPath" | "symbol"
> {
    /** The symbol of an external path, made at first use. */
    external(path: string): number;
}

/** What facts say of one token, in this session's numbers. */
type Meaning =
    | { readonly kind: "symbols"; readonly symbols: readonly number[] }
    | { readonly kind: "local"; readonly start: number; readonly end: number }
    | { readonly kind: "outside"; readonly path: string };

/** What was known of a token before rust-analyzer's word is joined. */
interface BeforeAnalyzer {
    /** The resolver alone has decided it. */
    readonly wasDecided: boolean;
    /** rustc tells of it. */
    readonly isKnown: boolean;
}

/** Joins a table with the facts that hold for its file. Columns that no fact touches are shared. */
export function joinTable(
    table: OccurrenceTable,
    facts: readonly LiveFact[],
    source: JoinSource,
    path: string,
): OccurrenceTable {
    return facts.length === 0 ? table : new TableJoin(table, source, path).run(facts);
}

const FIELD_ROLES: ReadonlySet<number> = new Set([
    FACT_ROLE.field,
    FACT_ROLE["literal-field"],
    FACT_ROLE["pattern-field"],
]);

/** Words that stand for what is around them: the compiler names that, we name the word. */
const PATH_WORDS = new Set(["Self", "self", "super", "crate", "_"]);

const DECIDED: ReadonlySet<number> = new Set([
    BIND.symbol,
    BIND.local,
    BIND.external,
    BIND.builtin,
]);

/** Roles whose tokens are no code: facts at their place are of something else. */
const NO_CODE = new Set([ROLE_CODE["doc-link"], ROLE_CODE["attribute"], ROLE_CODE.visibility]);

class TableJoin {
    readonly #table: OccurrenceTable;
    readonly #source: JoinSource;
    readonly #path: string;
    readonly #bind: Uint8Array;
    readonly #flags: Uint8Array;
    readonly #target: Uint32Array;
    readonly #reason: Uint16Array;
    readonly #sets: (readonly number[])[];
    readonly #reasons: string[];
    readonly #locals: LocalInfo[];
    /** Locals by each token that defines them: a definition under a cfg joins an earlier one. */
    readonly #localAt = new Map<number, number>();
    readonly #meanings = new Map<LiveTarget, Meaning | undefined>();

    constructor(table: OccurrenceTable, source: JoinSource, path: string) {
        this.#table = table;
        this.#source = source;
        this.#path = path;
        this.#bind = table.bind.slice();
        this.#flags = table.flags.slice();
        this.#target = table.target.slice();
        this.#reason = table.reason.slice();
        this.#sets = [...table.sets];
        this.#reasons = [...table.reasons];
        this.#locals = [...table.locals];
        table.locals.forEach((local, index) => {
            this.#localAt.set(local.nameSpan.start, index);
        });
        table.role.forEach((role, row) => {
            if (role === ROLE_CODE.definition && table.bind[row] === BIND.local) {
                this.#localAt.set(table.start[row] ?? 0, table.target[row] ?? 0);
            }
        });
    }

    run(facts: readonly LiveFact[]): OccurrenceTable {
        const { start, end } = this.#table;
        let first = 0;
        for (let row = 0; row < start.length; row++) {
            const at = start[row] ?? 0;
            while (first < facts.length && (facts[first]?.start ?? 0) < at) {
                first += 1;
            }
            const here: LiveFact[] = [];
            for (let i = first; facts[i]?.start === at; i++) {
                const fact = facts[i];
                if (fact !== undefined && fact.end === end[row] && this.#fits(row, fact)) {
                    here.push(fact);
                }
            }
            if (here.length > 0) {
                this.#joinRow(row, here);
            }
        }
        return {
            ...this.#table,
            bind: this.#bind,
            flags: this.#flags,
            target: this.#target,
            reason: this.#reason,
            sets: this.#sets,
            reasons: this.#reasons,
            locals: this.#locals,
        };
    }

    /** Of a shorthand token's two rows each has facts of its own. */
    #fits(row: number, fact: LiveFact): boolean {
        const flags = this.#flags[row] ?? 0;
        if ((flags & OCCURRENCE_FLAG.shorthandField) !== 0) {
            return FIELD_ROLES.has(fact.role);
        }
        if ((flags & OCCURRENCE_FLAG.shorthandValue) !== 0) {
            return !FIELD_ROLES.has(fact.role);
        }
        const name = this.#table.names[this.#table.name[row] ?? 0] ?? "";
        return !NO_CODE.has(this.#table.role[row] ?? 0) && !PATH_WORDS.has(name);
    }

    #joinRow(row: number, facts: readonly LiveFact[]): void {
        const ofRustc = facts.filter((fact) => fact.frontend === "rustc");
        const ofAnalyzer = facts.filter((fact) => fact.frontend === "rust-analyzer");
        const wasDecided = DECIDED.has(this.#bind[row] ?? 0);
        if (ofRustc.length > 0) {
            this.#joinRustc(row, ofRustc);
        }
        if (ofAnalyzer.length > 0) {
            this.#joinAnalyzer(row, ofAnalyzer, { wasDecided, isKnown: ofRustc.length > 0 });
        }
    }

    #joinRustc(row: number, facts: readonly LiveFact[]): void {
        const meanings = this.#meaningsAt(row, facts);
        if (meanings.length === 0) {
            return;
        }
        const inBody =
            this.#table.role[row] === ROLE_CODE["macro-body"] ||
            facts.some((fact) => (fact.flags & FACT_FLAG.macroBody) !== 0);
        if (DECIDED.has(this.#bind[row] ?? 0)) {
            const against = meanings.filter((meaning) => !this.#agrees(row, meaning));
            if (against.length > 0) {
                this.#dispute(row, against, "rustc");
            } else if (!inBody) {
                this.#confirm(row, meanings, OCCURRENCE_FLAG.exact);
            }
            return;
        }
        const one = meanings.length === 1 ? meanings[0] : this.#importOf(row, meanings);
        if (this.#isTwofold(row)) {
            return;
        }
        if (one !== undefined && !inBody) {
            this.#decide(row, one, OCCURRENCE_FLAG.exact);
        } else {
            const reason = inBody ? "in the expansions that were compiled" : "rustc says";
            this.#keepCandidates(row, meanings, reason);
        }
    }

    #joinAnalyzer(row: number, facts: readonly LiveFact[], before: BeforeAnalyzer): void {
        const meanings = this.#meaningsAt(row, facts);
        const flags = this.#flags[row] ?? 0;
        if (meanings.length === 0 || (flags & OCCURRENCE_FLAG.disputed) !== 0) {
            return;
        }
        if (DECIDED.has(this.#bind[row] ?? 0)) {
            const against = meanings.filter(
                (one) => !this.#isSaidBy(row, one) && !this.#isOtherSpace(row, one),
            );
            if (against.length === 0) {
                this.#confirmByAnalyzer(row, meanings);
            } else if (before.wasDecided && (flags & OCCURRENCE_FLAG.exact) !== 0) {
                // The resolver and rustc each say the other thing.
                this.#flags[row] = flags | OCCURRENCE_FLAG.disputed | OCCURRENCE_FLAG.analyzer;
            } else {
                this.#flags[row] = flags & ~OCCURRENCE_FLAG.exact;
                this.#dispute(row, against, "rust-analyzer");
            }
            return;
        }
        const [one] = meanings;
        if (before.isKnown || one === undefined || meanings.length > 1 || this.#isTwofold(row)) {
            return; // rustc has seen more than one thing, or what is not known here.
        }
        const candidates = this.#symbolsOf(row);
        const isCandidate =
            one.kind !== "symbols" ||
            candidates.length === 0 ||
            candidates.some((candidate) => this.#isFamily(candidate, one.symbols));
        if (!isCandidate) {
            this.#dispute(row, meanings, "rust-analyzer");
        } else if (!this.#isImport(row)) {
            this.#decide(row, one, OCCURRENCE_FLAG.exact | OCCURRENCE_FLAG.analyzer);
        }
    }

    /** Whether a decided token is what rust-analyzer says; the item of an impl is that of its trait. */
    #isSaidBy(row: number, meaning: Meaning): boolean {
        if (this.#agrees(row, meaning)) {
            return true;
        }
        const isOutside = this.#bind[row] === BIND.external || this.#bind[row] === BIND.builtin;
        return (
            isOutside &&
            meaning.kind === "symbols" &&
            meaning.symbols.every((one) => this.#source.foreignTraitOf(one) !== undefined)
        );
    }

    /** Both agree; of an import rust-analyzer may know a part only. */
    #confirmByAnalyzer(row: number, meanings: readonly Meaning[]): void {
        const isKnown = ((this.#flags[row] ?? 0) & OCCURRENCE_FLAG.exact) !== 0;
        const isSet = ((this.#flags[row] ?? 0) & OCCURRENCE_FLAG.set) !== 0;
        const isPart = meanings.some((one) => this.#isOtherSpace(row, one));
        if (!isKnown && !isPart && !(this.#isImport(row) && isSet)) {
            this.#confirm(row, meanings, OCCURRENCE_FLAG.exact | OCCURRENCE_FLAG.analyzer);
        }
    }

    /** An import may name another thing as well, in another name space. */
    #isOtherSpace(row: number, meaning: Meaning): boolean {
        if (!this.#isImport(row) || meaning.kind !== "symbols") {
            return false;
        }
        const spaces = new Set(
            this.#symbolsOf(row).map((one) => nameSpaceOf(this.#source.kindOf(one))),
        );
        return meaning.symbols.every((one) => !spaces.has(nameSpaceOf(this.#source.kindOf(one))));
    }

    #isFamily(candidate: number, said: readonly number[]): boolean {
        const family = this.#source.familyOf(candidate);
        return said.every((one) => one === candidate || family.includes(one));
    }

    /** Several definitions are in scope, each under its cfg: facts are of one cfg, and cannot choose. */
    #isTwofold(row: number): boolean {
        return (
            this.#bind[row] === BIND.ambiguous &&
            this.#table.reasons[this.#reason[row] ?? 0] === SEVERAL_IN_SCOPE
        );
    }

    #isImport(row: number): boolean {
        const role = this.#table.role[row];
        return role === ROLE_CODE.import || role === ROLE_CODE["import-alias"];
    }

    /** What facts say of a token; nothing when any of them names what is not known here. */
    #meaningsAt(row: number, facts: readonly LiveFact[]): Meaning[] {
        return (this.#distinct(facts) ?? []).filter((one) => !this.#isMadeHere(row, one));
    }

    /** An item's name that a macro also binds as a local (a field's, in its projection) is the item's. */
    #isMadeHere(row: number, meaning: Meaning): boolean {
        return (
            meaning.kind === "local" &&
            meaning.start === this.#table.start[row] &&
            this.#table.role[row] === ROLE_CODE.definition &&
            this.#bind[row] === BIND.symbol
        );
    }

    /** Distinct meanings; undefined when any fact names what is not known here. */
    #distinct(facts: readonly LiveFact[]): Meaning[] | undefined {
        const found = new Map<string, Meaning>();
        for (const { target } of facts) {
            if (!this.#meanings.has(target)) {
                this.#meanings.set(target, this.#meaningOf(target));
            }
            const meaning = this.#meanings.get(target);
            if (meaning === undefined) {
                return undefined;
            }
            found.set(keyOf(meaning), meaning);
        }
        return [...found.values()];
    }

    #meaningOf(target: LiveTarget): Meaning | undefined {
        switch (target.kind) {
            case "unknown":
                return undefined;
            case "local":
                return { kind: "local", start: target.start, end: target.end };
            case "outside":
                return { kind: "outside", path: target.path };
            case "symbols": {
                const symbols = target.ids.flatMap(
                    (id) => this.#source.findById(BigInt(`0x${id}`) as NodeId) ?? [],
                );
                return symbols.length === target.ids.length
                    ? { kind: "symbols", symbols: symbols.sort((a, b) => a - b) }
                    : undefined;
            }
        }
    }

    /** One import may name things of several name spaces. */
    #importOf(row: number, meanings: readonly Meaning[]): Meaning | undefined {
        if (!this.#isImport(row)) {
            return undefined;
        }
        const symbols = meanings.flatMap((one) => (one.kind === "symbols" ? one.symbols : []));
        return meanings.every((one) => one.kind === "symbols")
            ? { kind: "symbols", symbols: [...new Set(symbols)].sort((a, b) => a - b) }
            : undefined;
    }

    #symbolsOf(row: number): readonly number[] {
        const target = this.#target[row] ?? 0;
        const bind = this.#bind[row];
        if (bind !== BIND.symbol && bind !== BIND.external && bind !== BIND.ambiguous) {
            return [];
        }
        return ((this.#flags[row] ?? 0) & OCCURRENCE_FLAG.set) !== 0
            ? (this.#sets[target] ?? [])
            : bind === BIND.ambiguous
              ? []
              : [target];
    }

    #agrees(row: number, meaning: Meaning): boolean {
        const bind = this.#bind[row];
        const target = this.#target[row] ?? 0;
        if (bind === BIND.local) {
            return meaning.kind === "local" && this.#localAt.get(meaning.start) === target;
        }
        if (bind === BIND.external || bind === BIND.builtin) {
            return meaning.kind === "outside";
        }
        const symbols = this.#symbolsOf(row);
        switch (meaning.kind) {
            case "local":
                return false;
            case "outside":
                return symbols.some((one) => this.#standsForOutside(row, one, meaning.path));
            case "symbols":
                return meaning.symbols.every((said) =>
                    symbols.some(
                        (one) =>
                            one === said ||
                            this.#source.familyOf(one).includes(said) ||
                            this.#isAliasFor(row, one, said),
                    ),
                );
        }
    }

    /** An item that implements a foreign trait's, or an alias of something outside. */
    #standsForOutside(row: number, symbol: number, path: string): boolean {
        const name = this.#table.names[this.#table.name[row] ?? 0] ?? "";
        return (
            this.#source.foreignTraitOf(symbol) !== undefined ||
            (this.#source.kindOf(symbol) === "type-alias" && !path.endsWith(`::${name}`))
        );
    }

    /** The compiler sees through a type's alias to what it stands for, which has another name. */
    #isAliasFor(row: number, symbol: number, said: number): boolean {
        const name = this.#table.names[this.#table.name[row] ?? 0] ?? "";
        return (
            this.#source.kindOf(symbol) === "type-alias" && this.#source.symbol(said).name !== name
        );
    }

    /** Both agree; a member known by absence only gets its name. */
    #confirm(row: number, meanings: readonly Meaning[], asSaid: number): void {
        const [meaning] = meanings;
        const isByAbsence =
            this.#bind[row] === BIND.external &&
            this.#source.externalPath(this.#target[row] ?? 0).startsWith(UNKNOWN_OWNER);
        if (isByAbsence && meanings.length === 1 && meaning?.kind === "outside") {
            this.#decide(row, meaning, asSaid);
            return;
        }
        this.#flags[row] = (this.#flags[row] ?? 0) | asSaid;
    }

    #decide(row: number, meaning: Meaning, asSaid: number): void {
        const flags = (this.#flags[row] ?? 0) & ~OCCURRENCE_FLAG.set;
        this.#flags[row] = flags | asSaid;
        this.#reason[row] = 0;
        switch (meaning.kind) {
            case "symbols":
                this.#bind[row] = BIND.symbol;
                this.#setSymbols(row, meaning.symbols);
                return;
            case "outside":
                this.#bind[row] = meaning.path === "" ? BIND.builtin : BIND.external;
                this.#target[row] = meaning.path === "" ? 0 : this.#source.external(meaning.path);
                return;
            case "local":
                this.#bind[row] = BIND.local;
                this.#target[row] = this.#localNumber(row, meaning);
        }
    }

    #setSymbols(row: number, symbols: readonly number[]): void {
        const [first = 0, ...others] = symbols;
        const flags = (this.#flags[row] ?? 0) & ~OCCURRENCE_FLAG.set;
        if (others.length === 0 && this.#bind[row] !== BIND.ambiguous) {
            this.#flags[row] = flags;
            this.#target[row] = first;
        } else {
            this.#flags[row] = flags | OCCURRENCE_FLAG.set;
            this.#target[row] = this.#sets.push(symbols) - 1;
        }
    }

    /** A local that the resolver has not seen: its binding stands in a macro's input. */
    #localNumber(row: number, { start, end }: { start: number; end: number }): number {
        const known = this.#localAt.get(start);
        if (known !== undefined) {
            return known;
        }
        const extent = this.#source.symbol(this.#table.enclosing[row] ?? 0).extent;
        const number = this.#locals.push({
            kind: "local",
            name: this.#table.names[this.#table.name[row] ?? 0] ?? "",
            file: this.#path,
            nameSpan: { start, end },
            scope: extent ?? { start: 0, end: 0xffff_ffff },
        });
        this.#localAt.set(start, number - 1);
        return number - 1;
    }

    /** Two sources, two answers: both are candidates. */
    #dispute(row: number, against: readonly Meaning[], who: EvidenceFrontend): void {
        const ours = this.#symbolsOf(row).filter((one) => this.#source.externalPath(one) === "");
        const theirs = against.flatMap((one) => (one.kind === "symbols" ? one.symbols : []));
        const isKnown = (this.#table.bind[row] ?? 0) !== this.#bind[row];
        const here = this.#ourWord(row);
        const there = against.map((one) => this.#theirWord(one)).join(" and ");
        const isAnalyzer = who === "rust-analyzer";
        this.#flags[row] =
            (this.#flags[row] ?? 0) |
            OCCURRENCE_FLAG.disputed |
            (isAnalyzer ? OCCURRENCE_FLAG.analyzer : 0);
        this.#makeAmbiguous(
            row,
            [...ours, ...theirs],
            `${isKnown ? "rustc" : "the resolver"} says ${here}, ${who} says ${there}`,
        );
    }

    #keepCandidates(row: number, meanings: readonly Meaning[], reason: string): void {
        const known = this.#symbolsOf(row);
        const said = meanings.flatMap((one) => (one.kind === "symbols" ? one.symbols : []));
        if (said.length === 0) {
            return;
        }
        const words = meanings.map((one) => this.#theirWord(one)).join(" or ");
        this.#makeAmbiguous(row, [...known, ...said], `${reason} ${words}`);
    }

    #makeAmbiguous(row: number, symbols: readonly number[], reason: string): void {
        this.#bind[row] = BIND.ambiguous;
        this.#setSymbols(
            row,
            [...new Set(symbols)].sort((a, b) => a - b),
        );
        const known = this.#reasons.indexOf(reason);
        this.#reason[row] = known === -1 ? this.#reasons.push(reason) - 1 : known;
    }

    #ourWord(row: number): string {
        const target = this.#target[row] ?? 0;
        switch (this.#bind[row]) {
            case BIND.symbol:
                return this.#symbolsOf(row)
                    .map((one) => this.#source.displayOf(one))
                    .join(" and ");
            case BIND.local:
                return "a local";
            case BIND.external:
                return `${this.#source.externalPath(target)} outside the workspace`;
            case BIND.ambiguous:
                return "another thing";
            default:
                return "a built-in";
        }
    }

    #theirWord(meaning: Meaning): string {
        switch (meaning.kind) {
            case "symbols":
                return meaning.symbols.map((one) => this.#source.displayOf(one)).join(" and ");
            case "local":
                return "a local";
            case "outside":
                return meaning.path === ""
                    ? "a built-in"
                    : `${meaning.path} outside the workspace's source`;
        }
    }
}

function keyOf(meaning: Meaning): string {
    switch (meaning.kind) {
        case "symbols":
            return meaning.symbols.join(" ");
        case "local":
            return `local ${meaning.start}`;
        case "outside":
            return `outside ${meaning.path}`;
    }
}
