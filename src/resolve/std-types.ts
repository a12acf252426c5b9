// What std's own types and traits have, asked in terms of Ty: to tell a method of ours from one of std's.

import { readTextSync } from "../platform/index.ts";
import type { Program } from "./program.ts";
import { openStdSummary, type StdHead, type StdSummary } from "./std-summary.ts";
import type { Ty } from "./types.ts";

/** Whether something holds; `unknown` where std's summary does not reach. */
export type Certainty = "yes" | "no" | "unknown";

/** What std says of a method name on a type, at one step of auto-deref. */
export type StdMethod = "inherent" | "unstable" | "trait" | "no" | "unknown";

let shared: StdSummary | undefined;

/** Std's types for one program. */
export class StdTypes {
    readonly #program: Program;
    readonly #summary: StdSummary;
    readonly #traits = new Map<string, ReadonlySet<string>>();

    constructor(program: Program) {
        this.#program = program;
        shared ??= openStdSummary(readTextSync);
        this.#summary = shared;
    }

    /** What kind of method of std, if any, a type has under a name. */
    method(ty: Ty, name: string): StdMethod {
        const heads = this.#headsOf(ty);
        if (heads.length === 0) {
            return "unknown";
        }
        let answer: StdMethod = "no";
        for (const head of heads) {
            const member = this.#summary.inherentMember(head, name);
            if (member !== undefined && member.self !== "none") {
                return member.stable ? "inherent" : "unstable";
            }
            if (!this.#summary.isComplete(head)) {
                answer = "unknown";
            } else if (answer === "no" && this.#summary.mayHaveMethod(head, name) === "trait") {
                answer = "trait";
            }
        }
        return answer;
    }

    /** Whether `Type::name` is an inherent item of std. */
    hasAssociated(ty: Ty, name: string): boolean {
        return this.#headsOf(ty).some(
            (head) => this.#summary.inherentMember(head, name) !== undefined,
        );
    }

    /** Whether a type of std implements a trait, given by an external path. */
    implements(ty: Ty, trait: string): Certainty {
        const heads = this.#headsOf(ty);
        const wanted = this.#summary.findHead(trait);
        if (heads.length === 0 || wanted === undefined) {
            return "unknown";
        }
        return heads.some((head) => this.#traitsOf(head).has(wanted.path)) ? "yes" : "no";
    }

    /** Whether a trait, given by an external path, has an item of this name, supertraits included. */
    traitHas(trait: string, name: string): Certainty {
        const head = this.#summary.findHead(trait);
        if (head === undefined || head.kind !== "trait") {
            return "unknown";
        }
        if (this.#summary.traitMember(head.path, name) !== undefined) {
            return "yes";
        }
        return this.#summary.mayHaveMethod(head, name) === "no" ? "no" : "unknown";
    }

    #traitsOf(head: StdHead): ReadonlySet<string> {
        let traits = this.#traits.get(head.path);
        if (traits === undefined) {
            const positive = this.#summary.traitsOf(head).filter((impl) => !impl.negative);
            traits = new Set(positive.map((impl) => impl.trait));
            this.#traits.set(head.path, traits);
        }
        return traits;
    }

    #headsOf(ty: Ty): readonly StdHead[] {
        const found = pathsOf(this.#program, ty).map((path) => this.#summary.findHead(path));
        return found.filter((head) => head !== undefined);
    }
}

function pathsOf(program: Program, ty: Ty): readonly string[] {
    switch (ty.k) {
        case "external":
            return [program.symbolAt(ty.symbol).external];
        case "primitive":
            return [ty.name === "_integer" ? "i32" : ty.name === "_float" ? "f64" : ty.name];
        case "slice":
            // Arrays and slices are one kind of type here.
            return ["array", "slice"];
        case "tuple":
        case "pointer":
            return [ty.k];
        case "function":
            return ["fn"];
        default:
            return [];
    }
}
