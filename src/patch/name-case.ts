// Conventions of names, and the templates that new names are made of. Words are told apart as Rust's
// conventions write them (RFC 430).

import { refuse, type Refusal } from "../base/index.ts";
import type { NameCase } from "./patch-schema.ts";

/** The words of a name: `HTTPServer2` is `http`, `server2`; `max_len` is `max`, `len`. */
export function wordsOf(name: string): string[] {
    return name
        .replace(/([\p{Ll}\p{Nd}])(\p{Lu})/gu, "$1_$2")
        .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, "$1_$2")
        .split("_")
        .filter((word) => word !== "")
        .map((word) => word.toLowerCase());
}

/** Writes a name by a convention; underscores before it stay. */
export function convertCase(name: string, to: NameCase): string {
    const head = /^_*/u.exec(name)?.[0] ?? "";
    const words = wordsOf(name);
    switch (to) {
        case "snake":
            return head + words.join("_");
        case "screaming_snake":
            return head + words.join("_").toUpperCase();
        case "upper_camel":
            return head + words.map(capital).join("");
        case "lower_camel":
            return head + words.map((word, at) => (at === 0 ? word : capital(word))).join("");
    }
}

function capital(word: string): string {
    const [first = "", ...rest] = word;
    return first.toUpperCase() + rest.join("");
}

/** What a template's names stand for. */
export interface TemplateValues {
    /** The old name. */
    readonly name: string;
    /** What the groups of the pattern's regular expression took, from 1. */
    readonly groups: readonly (string | undefined)[];
}

/** Fills `{name}` and `{1}`, … in; refuses a group that is not there. */
export function fillTemplate(template: string, { name, groups }: TemplateValues): string | Refusal {
    let missing: string | undefined;
    const filled = template.replace(/\{([A-Za-z0-9]+)\}/gu, (whole, key: string) => {
        const value =
            key === "name" ? name : /^[0-9]+$/u.test(key) ? groups[Number(key)] : undefined;
        missing ??= value === undefined ? whole : undefined;
        return value ?? "";
    });
    return missing === undefined
        ? filled
        : refuse("PATCH_TEMPLATE", `\`${missing}\` in \`${template}\` stands for nothing`, {
              advice: "use {name}, or {1} and so on for a group of the regular expression",
          });
}
