// Whether a text can be the new name of something.

import { refuse, type Refusal } from "../base/index.ts";
import { isIdentifierShaped, isKeyword, isNeverRaw, type NewName } from "./rust-names.ts";

/** What a name is wanted for: everything but lifetimes and labels is an identifier. */
export type NameUse = "identifier" | "module" | "parameter" | "lifetime" | "label";

/** Checks a new name and takes its raw prefix and quote off. */
export function checkNewName(text: string, use: NameUse): NewName | Refusal {
    const isQuoted = text.startsWith("'");
    const takesQuote = use === "lifetime" || use === "label";
    if (text === "" || text === "'") {
        return refuse("RENAME_BAD_NAME", "the new name is empty");
    }
    if (isQuoted && !takesQuote) {
        return refuse(
            "RENAME_BAD_NAME",
            `\`${text}\` is a lifetime, and ${withArticle(use)} is renamed`,
        );
    }
    const unquoted = isQuoted ? text.slice(1) : text;
    const isRaw = unquoted.startsWith("r#");
    const name = (isRaw ? unquoted.slice(2) : unquoted).normalize("NFC");
    if (!isIdentifierShaped(name)) {
        return refuse("RENAME_BAD_NAME", `\`${text}\` is not an identifier`, {
            advice: "A name is one word of letters, digits and `_` that does not begin with a digit.",
        });
    }
    if (isNeverRaw(name) && name !== "_") {
        return refuse(
            "RENAME_BAD_NAME",
            `\`${name}\` has a meaning of its own, even as \`r#${name}\``,
        );
    }
    return takesQuote
        ? checkLifetime(name, use, isRaw)
        : checkUnderscore({ kind: "name", name, raw: isRaw }, use);
}

function checkLifetime(name: string, use: NameUse, isRaw: boolean): NewName | Refusal {
    if (name === "_" || name === "static") {
        return refuse(
            "RENAME_BAD_NAME",
            `\`'${name}\` has a meaning of its own and names no ${use}`,
        );
    }
    return { kind: "name", name, raw: isRaw };
}

function checkUnderscore(name: NewName, use: NameUse): NewName | Refusal {
    if (name.name !== "_") {
        return name;
    }
    if (name.raw) {
        return refuse("RENAME_BAD_NAME", "`r#_` is not an identifier");
    }
    return use === "parameter"
        ? name
        : refuse(
              "RENAME_BAD_NAME",
              "`_` is no name; only a parameter that is never read may take it",
          );
}

function withArticle(use: NameUse): string {
    return use === "identifier" ? "an identifier" : `a ${use}`;
}

/** Whether a lifetime of this name must be written raw, which editions before 2021 cannot. */
export function needsRawLifetime(name: NewName): boolean {
    return name.raw || isKeyword(name.name, "2024");
}
