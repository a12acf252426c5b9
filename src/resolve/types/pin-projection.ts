// What `pin_project!` and `#[pin_project]` write beside a type, as far as its users see it: methods that
// give its fields one by one, the pinned ones pinned. A projection is a type of that crate, with the type
// that it shows as its argument.

import type { FunctionDeclaration, ImplDeclaration } from "./declarations.ts";
import type { Semantics } from "../semantics.ts";
import { itemOf } from "../symbols.ts";
import { UNKNOWN, refTo, type Ty } from "./types.ts";

const MACRO = "pin_project";

/** How a projection gives what it shows, by the name of its type. */
const FORMS = {
    project: "pin_project::Projection",
    project_ref: "pin_project::ProjectionRef",
    project_replace: "pin_project::ProjectionReplace",
} as const;

type Form = keyof typeof FORMS;

/** A method that the macro writes. */
export interface ProjectionMethod {
    readonly impl: ImplDeclaration;
    readonly declaration: FunctionDeclaration;
}

/** The method of a name that the macro has written for a type. */
export function projectionMethod(
    semantics: Semantics,
    ty: Ty,
    name: string,
): ProjectionMethod | undefined {
    if (ty.k !== "adt" || !isForm(name) || !isPinProjected(semantics, ty.symbol)) {
        return undefined;
    }
    const shown = semantics.ownType(ty.symbol);
    const receiver = semantics.std.typeOf("std::pin::Pin", [refTo(shown, name !== "project_ref")]);
    if (receiver === undefined) {
        return undefined;
    }
    const declared = { owner: ty.symbol, predicates: [], open: false };
    const { names } = semantics.genericsOf(ty.symbol);
    const impl = {
        ...declared,
        names,
        self: shown,
        trait: undefined,
        negative: false,
        associated: () => undefined,
    };
    const symbol = semantics.program.external(FORMS[name]);
    const result: Ty = { k: "external", symbol, name: "Projection", args: [shown] };
    const params = name === "project_replace" ? [shown] : [];
    return {
        impl,
        declaration: { ...declared, names: [], receiver: "typed", self: receiver, params, result },
    };
}

function isForm(name: string): name is Form {
    return name in FORMS;
}

/** Whether a type and all its cfg twins are given to the macro of that crate. */
function isPinProjected(semantics: Semantics, symbol: number): boolean {
    const { program } = semantics;
    const isOurs = (program.byName.get(MACRO) ?? []).some((one) => {
        const { kind, external } = program.symbolAt(one);
        return external === "" && (kind === "macro" || kind === "function");
    });
    return (
        !isOurs &&
        semantics.twinsOf(symbol).every((twin) => {
            const item = itemOf(program.symbolAt(twin));
            const names = [...(item?.attributes.names ?? [])];
            return (
                item?.through?.macro === MACRO ||
                names.some((name) => name === MACRO || name.endsWith(`::${MACRO}`))
            );
        })
    );
}

/** The type whose fields a projection shows. */
export function projectedType(
    semantics: Semantics,
    ty: Ty,
): { readonly form: Form; readonly shown: Ty & { readonly k: "adt" } } | undefined {
    const [shown] = ty.k === "external" && ty.name === "Projection" ? ty.args : [];
    if (ty.k !== "external" || shown?.k !== "adt") {
        return undefined;
    }
    const path = semantics.program.symbolAt(ty.symbol).external;
    for (const form of Object.keys(FORMS).filter(isForm)) {
        if (FORMS[form] === path) {
            return { form, shown };
        }
    }
    return undefined;
}

/** The type of a field as a projection gives it. */
export function projectedFieldType(
    semantics: Semantics,
    form: Form,
    symbols: readonly number[],
    declared: Ty,
): Ty {
    const pinned = symbols.map(
        (one) => itemOf(semantics.program.symbolAt(one))?.attributes.names.has("pin") === true,
    );
    const isPinned = pinned.includes(true);
    if (pinned.includes(!isPinned)) {
        return UNKNOWN;
    }
    if (form === "project_replace") {
        return isPinned ? UNKNOWN : declared;
    }
    const reference = refTo(declared, form === "project");
    return isPinned ? (semantics.std.typeOf("std::pin::Pin", [reference]) ?? UNKNOWN) : reference;
}
