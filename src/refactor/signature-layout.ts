// What a changed signature looks like: which parameters stay, where, and which are new.

import { refuse, type Refusal } from "../base/index.ts";
import type { Slot } from "./list-slots.ts";
import { checkNewName } from "./new-name.ts";

/** A parameter of the new signature: the name of an old one, or a new one with its argument at each call. */
export type NewParameter =
    | { readonly keep: string }
    | { readonly add: string; readonly type: string; readonly argument: string };

/** The new lists, of parameters and of arguments, in step. */
export interface SignatureLayout {
    readonly kind: "layout";
    readonly parameters: readonly Slot[];
    readonly arguments: readonly Slot[];
    /** Positions of the old parameters that are gone. */
    readonly removed: ReadonlySet<number>;
    /** Old parameters, by position, whose order among each other changes. */
    readonly reordered: readonly number[];
}

/** Lays a signature out over parameters with the given names; undefined ones are patterns. */
export function layOut(
    names: readonly (string | undefined)[],
    wanted: readonly NewParameter[],
): SignatureLayout | Refusal {
    const parameters: Slot[] = [];
    const args: Slot[] = [];
    const kept: number[] = [];
    for (const one of wanted) {
        if ("add" in one) {
            const refusal = refuseAdded(one, names, wanted);
            if (refusal !== undefined) {
                return refusal;
            }
            parameters.push({ kind: "added", text: `${one.add}: ${one.type}` });
            args.push({ kind: "added", text: one.argument });
            continue;
        }
        const position = positionOf(names, one.keep);
        if (position === undefined) {
            return refuse("SIGNATURE_PARAMETER", `there is no parameter \`${one.keep}\``, {
                candidates: names.map((name, at) => name ?? `#${at + 1}`),
                advice: "a parameter without a name of its own is called by its number: #1",
            });
        }
        if (kept.includes(position)) {
            return refuse("SIGNATURE_PARAMETER", `the parameter \`${one.keep}\` is named twice`);
        }
        kept.push(position);
        parameters.push({ kind: "kept", position });
        args.push({ kind: "kept", position });
    }
    const removed = new Set([...names.keys()].filter((position) => !kept.includes(position)));
    const isSame = removed.size === 0 && parameters.length === names.length && isAscending(kept);
    return isSame
        ? refuse("SIGNATURE_SAME", "the signature is as it is asked already")
        : {
              kind: "layout",
              parameters,
              arguments: args,
              removed,
              reordered: isAscending(kept) ? [] : kept,
          };
}

function positionOf(names: readonly (string | undefined)[], name: string): number | undefined {
    const number = /^#([1-9][0-9]*)$/u.exec(name)?.[1];
    const position = number === undefined ? names.indexOf(name) : Number(number) - 1;
    return position < 0 || position >= names.length ? undefined : position;
}

function isAscending(positions: readonly number[]): boolean {
    return positions.every((position, at) => at === 0 || (positions[at - 1] ?? 0) < position);
}

function refuseAdded(
    added: Extract<NewParameter, { readonly add: string }>,
    names: readonly (string | undefined)[],
    wanted: readonly NewParameter[],
): Refusal | undefined {
    const name = added.add;
    const same = wanted.filter((one) => "add" in one && one.add === name).length;
    const isTaken =
        wanted.some((one) => "keep" in one && one.keep === name) && names.includes(name);
    if (isTaken || same > 1) {
        return refuse("SIGNATURE_PARAMETER", `two parameters would be called \`${name}\``);
    }
    for (const text of [added.type, added.argument]) {
        if (!isOnePiece(text)) {
            return refuse("SIGNATURE_PARAMETER", `\`${text}\` is no single type or expression`);
        }
    }
    const checked = checkNewName(name, "parameter");
    return checked.kind === "refusal" ? checked : undefined;
}

const PAIRS: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };

/** Whether a text has its brackets in pairs and no comma or semicolon outside of them. */
function isOnePiece(text: string): boolean {
    const plain = text
        .replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)'/gu, "0")
        .replace(/->|=>|<=|>=|<<|>>(?=[=\s])/gu, " ");
    const open: string[] = [];
    for (const sign of plain) {
        const closing = PAIRS[sign];
        if (closing !== undefined) {
            open.push(closing);
        } else if (sign === ")" || sign === "]" || sign === "}") {
            if (open.pop() !== sign) {
                return false;
            }
        } else if (open.length === 0 && (sign === ";" || (sign === "," && !plain.includes("<")))) {
            return false;
        }
    }
    return open.length === 0 && plain.trim() !== "" && !/\/[/*]/u.test(plain);
}
