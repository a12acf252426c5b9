// A type of rustdoc's JSON as Rust writes it, every path in full.

import { arrayOf, isObject, objectOf, textOf, type Json } from "./json-values.ts";
import type { TypePart } from "./told-types.ts";

/** Writes the types of one document. */
export class TypeWriter {
    /** What ids name: rustdoc's summary of every item that the document speaks of. */
    readonly #paths: Json;

    constructor(paths: Json) {
        this.#paths = paths;
    }

    /** The parts of a type. */
    write(type: unknown): TypePart[] {
        if (typeof type === "string") {
            return plain(type === "infer" ? "_" : type);
        }
        const [[kind, value] = ["", undefined]] = Object.entries(objectOf(type));
        const inner = objectOf(value);
        switch (kind) {
            case "resolved_path":
                return this.#path(inner);
            case "generic":
            case "primitive":
                return plain(textOf(value));
            case "tuple": {
                const items = arrayOf(value);
                const end = items.length === 1 ? ",)" : ")";
                return [...plain("("), ...this.#list(items), ...plain(end)];
            }
            case "slice":
                return [...plain("["), ...this.write(value), ...plain("]")];
            case "array":
                return [
                    ...plain("["),
                    ...this.write(inner["type"]),
                    ...plain(`; ${textOf(inner["len"])}]`),
                ];
            case "borrowed_ref":
                return [
                    ...plain(`&${lifetimeOf(inner)}${mutable(inner)}`),
                    ...this.write(inner["type"]),
                ];
            case "raw_pointer":
                return [
                    ...plain(inner["is_mutable"] === true ? "*mut " : "*const "),
                    ...this.write(inner["type"]),
                ];
            case "impl_trait":
                return [...plain("impl "), ...this.#bounds(arrayOf(value))];
            case "dyn_trait":
                return this.#dynamic(inner);
            case "function_pointer":
                return this.#functionPointer(inner);
            case "qualified_path":
                return this.#qualified(inner);
            case "pat":
                return this.write(inner["type"]);
            default:
                return plain("_");
        }
    }

    #path(path: Json): TypePart[] {
        const id = path["id"];
        const known = objectOf(this.#paths[String(id)]);
        const written = textOf(path["path"]) || textOf(path["name"]);
        const full = arrayOf(known["path"]).map(textOf).join("::");
        const text = full === "" ? written : full;
        return [{ text, path: full, at: undefined }, ...this.#args(path["args"])];
    }

    #args(args: unknown): TypePart[] {
        const given = objectOf(args);
        if (isObject(given["parenthesized"])) {
            const { inputs, output } = given["parenthesized"];
            return [
                ...plain("("),
                ...this.#list(arrayOf(inputs)),
                ...plain(")"),
                ...this.#output(output),
            ];
        }
        const angle = objectOf(given["angle_bracketed"]);
        const all = [
            ...arrayOf(angle["args"]).map((each) => this.#arg(each)),
            ...arrayOf(angle["constraints"]).map((each) => this.#constraint(objectOf(each))),
        ];
        return all.length === 0 ? [] : [...plain("<"), ...between(all, ", "), ...plain(">")];
    }

    #arg(arg: unknown): TypePart[] {
        const { type, lifetime, const: constant } = objectOf(arg);
        if (type !== undefined) {
            return this.write(type);
        }
        return plain(textOf(lifetime) || textOf(objectOf(constant)["expr"]) || "_");
    }

    #constraint({ name, binding }: Json): TypePart[] {
        const { equality, constraint } = objectOf(binding);
        if (constraint !== undefined) {
            return [...plain(`${textOf(name)}: `), ...this.#bounds(arrayOf(constraint))];
        }
        return [...plain(`${textOf(name)} = `), ...this.#term(objectOf(equality))];
    }

    #term({ type, constant }: Json): TypePart[] {
        return type === undefined ? plain(textOf(objectOf(constant)["expr"])) : this.write(type);
    }

    #bounds(bounds: readonly unknown[]): TypePart[] {
        const all = bounds.map((each) => {
            const { outlives, trait_bound: bound } = objectOf(each);
            if (bound !== undefined) {
                const { trait, modifier } = objectOf(bound);
                const mark =
                    modifier === "maybe" ? "?" : modifier === "maybe_const" ? "~const " : "";
                return [...plain(mark), ...this.#path(objectOf(trait))];
            }
            return plain(textOf(outlives) || "use<..>");
        });
        return between(all, " + ");
    }

    #dynamic(inner: Json): TypePart[] {
        const traits = arrayOf(inner["traits"]).map((each) =>
            this.#path(objectOf(objectOf(each)["trait"])),
        );
        const lifetime = textOf(inner["lifetime"]);
        const all = lifetime === "" ? traits : [...traits, plain(lifetime)];
        return [...plain("dyn "), ...between(all, " + ")];
    }

    #functionPointer(inner: Json): TypePart[] {
        const { inputs, output } = objectOf(inner["sig"]);
        const types = arrayOf(inputs).map((each) => arrayOf(each)[1]);
        const isUnsafe = objectOf(inner["header"])["is_unsafe"] === true;
        return [
            ...plain(isUnsafe ? "unsafe fn(" : "fn("),
            ...this.#list(types),
            ...plain(")"),
            ...this.#output(output),
        ];
    }

    #qualified(inner: Json): TypePart[] {
        const trait = objectOf(inner["trait"]);
        const name = textOf(inner["name"]);
        if (textOf(trait["path"]) === "") {
            return [...this.write(inner["self_type"]), ...plain(`::${name}`)];
        }
        return [
            ...plain("<"),
            ...this.write(inner["self_type"]),
            ...plain(" as "),
            ...this.#path(trait),
            ...plain(`>::${name}`),
            ...this.#args(inner["args"]),
        ];
    }

    #output(output: unknown): TypePart[] {
        return output === null || output === undefined
            ? []
            : [...plain(" -> "), ...this.write(output)];
    }

    #list(types: readonly unknown[]): TypePart[] {
        return between(
            types.map((each) => this.write(each)),
            ", ",
        );
    }
}

function plain(text: string): TypePart[] {
    return text === "" ? [] : [{ text, path: "", at: undefined }];
}

function between(all: readonly (readonly TypePart[])[], separator: string): TypePart[] {
    return all.flatMap((each, at) => (at === 0 ? each : [...plain(separator), ...each]));
}

function lifetimeOf(inner: Json): string {
    const lifetime = textOf(inner["lifetime"]);
    return lifetime === "" ? "" : `${lifetime} `;
}

function mutable(inner: Json): string {
    return inner["is_mutable"] === true ? "mut " : "";
}
