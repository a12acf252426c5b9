// The little of std's signatures that receivers need: what constructors make and what wrappers give back.
// Only methods whose result does not depend on anything but the receiver are here.

import { UNKNOWN, peel, type Ty } from "./types.ts";

const KEEPS = new Set(
    "clone to_owned as_ref as_mut borrow by_ref as_deref as_deref_mut iter_mut copied cloned fuse rev".split(
        " ",
    ),
);

const UNWRAPS = new Set(
    "unwrap expect unwrap_or unwrap_or_else unwrap_or_default unwrap_unchecked get_or_insert_with insert".split(
        " ",
    ),
);

const WRAPPERS = new Set("Box Rc Arc Cell RefCell Mutex RwLock ManuallyDrop Cow Pin".split(" "));

/** Type of `Wrapper::new(x)`, `Some(x)`, `Ok(x)`; unknown for other paths. */
export function constructedByStd(
    path: string,
    owner: Ty | undefined,
    args: readonly Ty[],
    external: (path: string) => number,
): Ty {
    const segments = path.split("::");
    const name = segments[segments.length - 1] ?? "";
    const type = segments[segments.length - 2] ?? "";
    if (name === "new" && WRAPPERS.has(type)) {
        const symbol = external(segments.slice(0, -1).join("::"));
        return { k: "external", symbol, name: type, args: [args[0] ?? UNKNOWN] };
    }
    if (name === "clone" && (type === "Rc" || type === "Arc")) {
        return peel(args[0] ?? UNKNOWN);
    }
    if (name === "Some") {
        const symbol = external("std::prelude::Option");
        return { k: "external", symbol, name: "Option", args: [args[0] ?? UNKNOWN] };
    }
    return owner ?? UNKNOWN;
}

/** Result of a method of std on a receiver whose type is known. */
export function resultOfStdMethod(receiver: Ty, name: string): Ty {
    const ty = peel(receiver);
    if (ty.k === "external") {
        const first = ty.args[0] ?? UNKNOWN;
        if (ty.name === "Option" || ty.name === "Result") {
            if (UNWRAPS.has(name)) {
                return first;
            }
            if (
                KEEPS.has(name) ||
                (ty.name === "Option" && (name === "take" || name === "replace"))
            ) {
                return ty;
            }
            return ty.name === "Result" && name === "ok"
                ? { ...ty, name: "Option", args: [first] }
                : UNKNOWN;
        }
        if (ty.name === "RefCell" && (name === "borrow" || name === "borrow_mut")) {
            return { k: "ref", inner: first };
        }
        if (
            (ty.name === "Mutex" && name === "lock") ||
            (ty.name === "RwLock" && (name === "read" || name === "write"))
        ) {
            return { ...ty, name: "Result", args: [{ ...ty, name: "MutexGuard", args: [first] }] };
        }
        if (name === "clone" || ((ty.name === "Arc" || ty.name === "Rc") && name === "to_owned")) {
            return ty;
        }
        return UNKNOWN;
    }
    return name === "clone" || name === "to_owned" ? ty : UNKNOWN;
}
