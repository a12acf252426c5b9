// Texts by which closed types are told apart, for caches.

import type { Inference } from "./inference.ts";
import type { BoundTrait, Ty } from "./types.ts";

/** A text that is equal for equal types; undefined where parameters, variables or unknowns are inside. */
function closedKey(infer: Inference, ty: Ty): string | undefined {
    const head = infer.shallow(ty);
    const all = (parts: readonly Ty[]): string | undefined => {
        let text = "";
        for (const part of parts) {
            const one = closedKey(infer, part);
            if (one === undefined) {
                return undefined;
            }
            text += `${one},`;
        }
        return text;
    };
    const wrap = (mark: string, text: string | undefined): string | undefined =>
        text === undefined ? undefined : `${mark}(${text})`;
    switch (head.k) {
        case "adt":
        case "external":
            return wrap(String(head.symbol), all(head.args));
        case "ref":
            return wrap(head.mutable ? "&m" : "&", closedKey(infer, head.inner));
        case "pointer":
        case "slice":
        case "array":
        case "future":
            return wrap(head.k, closedKey(infer, head.inner));
        case "tuple":
            return wrap("t", all(head.items));
        case "primitive":
            return head.name;
        default:
            return undefined;
    }
}

/** The same for a bound, whose answer never changes then; what it binds is left out. */
export function boundKey(infer: Inference, ty: Ty, trait: BoundTrait): string | undefined {
    const text = closedKey(infer, ty);
    if (text === undefined) {
        return undefined;
    }
    let key = `${trait.symbol} ${text}`;
    for (const arg of trait.args) {
        const more = closedKey(infer, arg);
        if (more === undefined) {
            return undefined;
        }
        key += ` ${more}`;
    }
    return key;
}
