// Small faults for Rust sources, as a careless person would make them: an operator, a constant, a result.

import { TOKEN, TokenScanner } from "../../src/syntax/index.ts";
import { shuffle } from "../accuracy/sample.ts";

/** One fault. */
export interface Mutation {
    readonly path: string;
    readonly start: number;
    readonly end: number;
    readonly text: string;
    /** What it does: `+ → -`. */
    readonly what: string;
}

const SIGNS: readonly (readonly [string, string])[] = [
    ["==", "!="],
    ["!=", "=="],
    ["&&", "||"],
    ["||", "&&"],
    ["<=", ">"],
    [">=", "<"],
    ["+", "-"],
    ["-", "+"],
    ["*", "/"],
    ["/", "*"],
    ["<", ">="],
    [">", "<="],
];

/** Lists the faults of a source; its tests, which stand at the end, are left as they are. */
export function mutationsOf(path: string, text: string): Mutation[] {
    const tests = text.search(/#\[cfg\((?:test\)|all\(test)/u);
    const end = tests === -1 ? text.length : tests;
    const found: Mutation[] = [];
    const scanned = new TokenScanner().scan(text);
    for (let at = 1; at + 1 < scanned.count; at++) {
        const start = scanned.start[at] ?? 0;
        if (start >= end) {
            break;
        }
        const token = text.slice(start, scanned.end[at]);
        if (scanned.kind[at] === TOKEN.number) {
            add(found, { path, start, end: scanned.end[at] ?? 0, text: otherNumber(token) }, token);
        } else if (token === "true" || token === "false") {
            const text = token === "true" ? "false" : "true";
            add(found, { path, start, end: start + token.length, text }, token);
        } else if (scanned.kind[at] === TOKEN.sign && /\s/u.test(text[start - 1] ?? "")) {
            const sign = SIGNS.find(
                ([was]) => text.startsWith(was, start) && text[start + was.length] === " ",
            );
            if (sign !== undefined) {
                add(found, { path, start, end: start + sign[0].length, text: sign[1] }, sign[0]);
            }
        }
    }
    return [...found, ...defaultResults(path, text.slice(0, end))];
}

/** Bodies of functions with a result, which give the default of its type instead. */
function defaultResults(path: string, text: string): Mutation[] {
    return [...text.matchAll(/\bfn (\w+)[^;{}]*->[^;{}]*\{\n/gu)].map((match) => {
        const start = match.index + match[0].length;
        return {
            path,
            start,
            end: start,
            text: "if true { return Default::default(); }\n",
            what: `${match[1] ?? ""} gives a default`,
        };
    });
}

function add(found: Mutation[], mutation: Omit<Mutation, "what">, was: string): void {
    found.push({ ...mutation, what: `${was} → ${mutation.text}` });
}

function otherNumber(token: string): string {
    return /^\d+$/u.test(token)
        ? String(Number(token) + 1)
        : token.replace(/^\d/u, (digit) => String((Number(digit) + 1) % 10));
}

/** Orders faults so that files take turns; every beginning is spread over all of them. */
export function orderMutations(mutations: readonly Mutation[], random: () => number): Mutation[] {
    const groups = new Map<string, Mutation[]>();
    for (const mutation of mutations) {
        groups.set(mutation.path, [...(groups.get(mutation.path) ?? []), mutation]);
    }
    const queues = shuffle([...groups.values()], random).map((group) => shuffle(group, random));
    const ordered: Mutation[] = [];
    for (let turn = 0; ordered.length < mutations.length; turn++) {
        for (const queue of queues) {
            const next = queue[turn];
            if (next !== undefined) {
                ordered.push(next);
            }
        }
    }
    return ordered;
}
