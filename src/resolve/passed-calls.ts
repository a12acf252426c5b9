// Which calls give back the items in their input, as the place of the call sees the macro: in textual order
// where it is found so, and else only if every macro of that name passes items on. What is found while the
// file is loaded holds for as long as its interface does.

import { allOf } from "./cfg.ts";
import type { ItemRecord } from "./file-items.ts";
import { lookupTextual } from "./lookup-macros.ts";
import {
    doPass,
    predicateOfRules,
    type PassingCall,
    type PassingRule,
    type RulesOf,
} from "./passing-macros.ts";
import type { Program } from "./program.ts";
import type { FileInstance } from "./symbols.ts";

/** What may stand in the input of a macro. */
type Passed = Pick<ItemRecord, "through" | "parent">;

/** What a call does with the items in its input. */
interface CallMeaning {
    readonly isPassing: boolean;
    readonly cfg: string;
}

const meanings = new WeakMap<FileInstance, Map<number, CallMeaning>>();

/** Whether an item is one: not if it is input of a macro that may do anything with it. */
export function existsIn(program: Program, inst: FileInstance, item: Passed): boolean {
    for (let at: Passed | undefined = item; at !== undefined; at = inst.items.items[at.parent]) {
        for (let call = at.through; call !== undefined; call = call.outer) {
            if (!passesItems(program, inst, call)) {
                return false;
            }
        }
    }
    return true;
}

/** The predicate that macros give to an item that they pass on. */
export function passedCfg(
    program: Program,
    inst: FileInstance,
    { through }: Pick<Passed, "through">,
): string {
    const parts: string[] = [];
    for (let call = through; call !== undefined; call = call.outer) {
        parts.push(meaningOf(program, inst, call).cfg);
    }
    return allOf(...parts);
}

/** Whether a call gives back the items in its input. */
export function passesItems(program: Program, inst: FileInstance, call: PassingCall): boolean {
    return meaningOf(program, inst, call).isPassing;
}

function meaningOf(program: Program, inst: FileInstance, call: PassingCall): CallMeaning {
    let known = meanings.get(inst);
    if (known === undefined) {
        known = new Map();
        meanings.set(inst, known);
    }
    let meaning = known.get(call.index);
    if (meaning === undefined) {
        const rulesOf: RulesOf = (name) => findRules(program, inst, call.node, name);
        const rules = call.isPlain ? rulesOf(call.macro) : program.passingMacros.get(call.macro);
        const isPassing = rules !== undefined && doPass(rules, rulesOf);
        meaning = { isPassing, cfg: isPassing ? predicateOfRules(rules, call.head, rulesOf) : "" };
        known.set(call.index, meaning);
    }
    return meaning;
}

function findRules(
    program: Program,
    inst: FileInstance,
    node: number,
    name: string,
): readonly PassingRule[] | undefined {
    const scope = program.scopeAt(inst, node);
    // Blocks are tied to the scopes around them once their file is loaded.
    const found =
        lookupTextual(program, scope, name, node) ??
        lookupTextual(program, scope.module, name, node);
    if (found === undefined) {
        return program.passingMacros.get(name);
    }
    const rules: PassingRule[] = [];
    for (const symbol of found.symbols) {
        const { inst: home, item } = program.symbolAt(symbol);
        const passing = home?.items.macroShapes.find((one) => one.item === item)?.passing;
        if (passing === undefined) {
            return undefined;
        }
        rules.push(...passing);
    }
    return rules;
}
