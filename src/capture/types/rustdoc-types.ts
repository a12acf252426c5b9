// Types as rustdoc's JSON tells them: those of all definitions that compile, with every path in full.

import { runCargoDoc } from "../../cargo/index.ts";
import { arrayOf, isObject, numberOf, objectOf, textOf, type Json } from "./json-values.ts";
import { TypeWriter } from "./rustdoc-type-text.ts";
import type { AskTypesOptions, ToldType, ToolTypes, TypePart } from "./told-types.ts";

/** Versions of the format in which what is read here means the same. */
const FORMATS = { oldest: 39, newest: 60 } as const;

/** Asks rustdoc for the types of a workspace's members; their code is compiled, build scripts run. */
export async function askRustdoc(
    root: string,
    crates: readonly string[],
    options: AskTypesOptions,
): Promise<ToolTypes> {
    options.onProgress?.("running rustdoc", 0, crates.length);
    const done = await runCargoDoc(root, crates, {
        targetFolder: options.scratch,
        signal: options.signal,
    });
    const files = new Map<string, ToldType[]>();
    const problems = [...done.errors];
    for (const [crate, document] of done.crates) {
        const problem = readDocument(objectOf(document), files);
        if (problem !== "") {
            problems.push(`${crate}: ${problem}`);
        }
    }
    return { tool: done.version, files, problems };
}

/** Adds the types of a document; says why where it cannot be read. */
export function readDocument(document: Json, files: Map<string, ToldType[]>): string {
    const format = numberOf(document["format_version"]);
    if (format < FORMATS.oldest || format > FORMATS.newest) {
        return `rustdoc's format ${format} is not known (${FORMATS.oldest} to ${FORMATS.newest} are)`;
    }
    const writer = new TypeWriter(objectOf(document["paths"]));
    for (const value of Object.values(objectOf(document["index"]))) {
        const item = objectOf(value);
        const span = objectOf(item["span"]);
        const file = textOf(span["filename"]);
        if (item["crate_id"] !== 0 || file === "" || file.startsWith("/")) {
            continue;
        }
        const types = typesOf(item, writer);
        if (types.length > 0) {
            const known = files.get(file) ?? [];
            files.set(file, known);
            const place = {
                name: textOf(item["name"]),
                from: pointOf(span["begin"]),
                to: pointOf(span["end"]),
            };
            known.push(...types.map((type) => ({ ...place, ...type })));
        }
    }
    return "";
}

/** Rustdoc counts lines and columns from 1. */
function pointOf(value: unknown): readonly [number, number] {
    const [line, column] = arrayOf(value);
    return [Math.max(0, numberOf(line) - 1), Math.max(0, numberOf(column) - 1)];
}

type Typed = Pick<ToldType, "role" | "position" | "parts">;

function typesOf(item: Json, writer: TypeWriter): Typed[] {
    const [[kind, value] = ["", undefined]] = Object.entries(objectOf(item["inner"]));
    const one = (role: ToldType["role"], type: unknown): Typed[] =>
        type === null || type === undefined
            ? []
            : [{ role, position: 0, parts: joined(writer.write(type)) }];
    const inner = objectOf(value);
    switch (kind) {
        case "struct_field":
            return one("field", value);
        case "constant":
        case "static":
        case "assoc_const":
            return one("value", inner["type"]);
        case "type_alias":
        case "assoc_type":
            return one("target", inner["type"]);
        case "impl":
            return inner["is_synthetic"] === true || isObject(inner["blanket_impl"])
                ? []
                : one("self", inner["for"]);
        case "function": {
            const signature = objectOf(inner["sig"]);
            const inputs = arrayOf(signature["inputs"]).filter(
                (each) => arrayOf(each)[0] !== "self",
            );
            const given = inputs.map((each, position) => ({
                role: "parameter" as const,
                position,
                parts: joined(writer.write(arrayOf(each)[1])),
            }));
            return [...given, ...one("return", signature["output"])];
        }
        default:
            return [];
    }
}

/** Plain parts that follow one another become one. */
function joined(parts: readonly TypePart[]): TypePart[] {
    const made: TypePart[] = [];
    for (const part of parts) {
        const last = made.at(-1);
        if (last !== undefined && last.path === "" && part.path === "") {
            made[made.length - 1] = { ...last, text: last.text + part.text };
        } else if (part.text !== "") {
            made.push(part);
        }
    }
    return made;
}
