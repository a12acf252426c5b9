// Members of std's types and traits, and its functions, from their signatures.

import type { Declared, FunctionDeclaration, StdItem } from "../types/declarations.ts";
import type { StdLowering } from "./std-lowering.ts";
import type { StdMember } from "./std-member.ts";
import type { StdScope } from "./std-scope.ts";
import type { ReceiverSyntax } from "./std-syntax.ts";
import { parseAssociated, parseSignature } from "./std-type-parser.ts";
import { refTo, UNIT, UNKNOWN, type Ty } from "../types/types.ts";

/** A declaration that is not understood. */
export const NOTHING_DECLARED: Omit<Declared, "owner"> = {
    names: [],
    predicates: [],
    open: true,
};

/** Lowers a member; the scope is that of its impl or trait. */
export function lowerItem(
    lowering: StdLowering,
    of: { readonly member: StdMember; readonly path: string },
    scope: StdScope,
): StdItem {
    const { name, kind, stable, provided, signature } = of.member;
    const base = { name, kind, stable, provided, path: of.path };
    if (kind === "fn") {
        return { ...base, function: lowerFunction(lowering, signature, scope), type: undefined };
    }
    const syntax = lowering.noted(signature, parseAssociated(signature));
    const isTyped = kind === "const" && syntax?.type !== undefined;
    return {
        ...base,
        function: undefined,
        type: isTyped ? lowering.lower(syntax.type, scope) : undefined,
    };
}

/** Lowers a function's signature, in the scope of its impl or trait if it has one. */
export function lowerFunction(
    lowering: StdLowering,
    signature: string,
    outer: StdScope | undefined,
): FunctionDeclaration {
    const owner = lowering.freshOwner();
    const syntax = lowering.noted(signature, parseSignature(signature));
    if (syntax === undefined) {
        const none = {
            receiver: "none",
            self: undefined,
            params: [],
            result: UNKNOWN,
        } as const;
        return { ...NOTHING_DECLARED, owner, ...none };
    }
    const declared = lowering.declare(syntax, owner, outer);
    const { names, predicates, open, scope } = declared;
    return {
        owner,
        names,
        predicates,
        open,
        receiver: syntax.receiver?.kind ?? "none",
        self: receiverType(lowering, syntax.receiver, scope),
        params: syntax.params.map((one) => lowering.lower(one, scope)),
        result: syntax.result === undefined ? UNIT : lowering.lower(syntax.result, scope),
    };
}

function receiverType(
    lowering: StdLowering,
    receiver: ReceiverSyntax | undefined,
    scope: StdScope,
): Ty | undefined {
    if (receiver === undefined) {
        return undefined;
    }
    const self = scope.self ?? UNKNOWN;
    switch (receiver.kind) {
        case "value":
            return self;
        case "ref":
            return refTo(self);
        case "mut":
            return refTo(self, true);
        case "typed":
            return receiver.type === undefined ? UNKNOWN : lowering.lower(receiver.type, scope);
    }
}
