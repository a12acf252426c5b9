// Lints that a new name sets off, where they are denied: then what compiled does not compile any more.
// Source: rustc's nonstandard_style.rs, non_ascii_idents.rs and liveness.rs, by what they say of names.

import type { Place } from "../base/index.ts";
import type { LocalInfo, Occurrence, SymbolInfo } from "../resolve/index.ts";
import { readAttributes } from "./attributes.ts";
import type { RenameContext } from "./context.ts";
import { FileSyntax } from "./file-syntax.ts";
import { LintLevels, type Lint, type LintPlace } from "./lint-levels.ts";
import type { FoundConflict } from "./model.ts";
import { placeAt } from "./places.ts";
import type { Subject } from "./subject.ts";

/** What the compiler would say of a name, if the lint is on. */
interface Finding {
    readonly lint: Lint;
    readonly says: string;
    /** Whether it is certain that the lint fires. */
    readonly isCertain: boolean;
}

/** Conflicts of a new name with lints that are denied where it is defined. */
export function findDeniedLints(
    context: RenameContext,
    subject: Subject,
    newName: string,
): FoundConflict[] {
    const change = { from: subject.oldName, to: newName };
    const back = { from: newName, to: subject.oldName };
    const found = definitionsOf(context, subject).flatMap((definition) => {
        const findings = findingsOf(context, subject, definition, change);
        const gone = findingsOf(context, subject, definition, back);
        if (findings.length + gone.length === 0 || isOfTrait(context, definition)) {
            return [];
        }
        const levels = new LintLevels(context, definition);
        const at = placeAt(context.textOf(definition.path), definition.path, definition.offset);
        const isUnmet = levels.denies(UNMET_EXPECTATIONS) !== "no";
        return [
            ...findings.flatMap((finding) => {
                const denied = levels.denies(finding.lint);
                const isCertain = denied === "yes" && finding.isCertain;
                return denied === "no" ? [] : [conflictAt(at, finding, isCertain)];
            }),
            ...gone
                .filter(({ lint }) => isUnmet && levels.expects(lint))
                .map(({ lint }) => conflictAt(at, unmet(lint, newName), false)),
        ];
    });
    // A file of two crates has its definitions twice.
    return [...new Map(found.map((each) => [JSON.stringify(each), each])).values()];
}

/** What an `#[expect]` says when nothing sets its lint off. */
const UNMET_EXPECTATIONS: Lint = { names: ["unfulfilled_lint_expectations"], byDefault: "warn" };

function unmet({ names: [lint = ""] }: Lint, newName: string): Finding {
    const says = `\`${newName}\` does not set off \`${lint}\`, which is expected`;
    return { lint: UNMET_EXPECTATIONS, says, isCertain: false };
}

/** What lints would say of a definition's new name that they do not say of the old one. */
function findingsOf(
    context: RenameContext,
    subject: Subject,
    { kind, path, offset }: Definition,
    change: Change,
): Finding[] {
    const style = styleOf(kind, change);
    return [
        ...(style.length > 0 && isOfC(context, path, offset) ? [] : style),
        ...unusedOf(kind, change).filter((each) => mayBeUnused(context, subject, each)),
        ...spellingOf(kind, change),
    ];
}

function conflictAt(at: Place, { lint, says }: Finding, isCertain: boolean): FoundConflict {
    const [name = ""] = lint.names;
    return {
        kind: "denied-lint",
        grade: isCertain ? "error" : "unproved",
        message: `the lint \`${name}\`, which is denied there, ${isCertain ? "says" : "may say"} that ${says}`,
        at: [at],
    };
}

/** A definition that takes the new name. */
interface Definition extends LintPlace {
    readonly kind: SymbolInfo["kind"] | LocalInfo["kind"];
}

function definitionsOf(context: RenameContext, { local, members }: Subject): Definition[] {
    if (local === undefined) {
        return members.flatMap(({ kind, file: path, nameSpan, parent: enclosing }) =>
            path === undefined || nameSpan === undefined
                ? []
                : [{ kind, path, offset: nameSpan.start, enclosing }],
        );
    }
    const { kind, file: path, nameSpan } = local;
    const { start: offset } = nameSpan;
    const homes = context.resolution
        .occurrencesAt(path, offset)
        .filter(({ span }) => span.start === offset)
        .map(({ enclosing }) => enclosing);
    return [...new Set(homes)].map((enclosing) => ({ kind, path, offset, enclosing }));
}

/** Whether a name stands in the impl of a trait, where it is the trait's and no lint looks at it. */
function isOfTrait(context: RenameContext, { path, offset }: Definition): boolean {
    const file = FileSyntax.of(context, path);
    const name = file?.tree.nodeAt(offset);
    const list = file === undefined || name === undefined ? 0 : file.parent(file.parent(name));
    const holder = file?.parent(list) ?? 0;
    return file?.is(holder, "impl_item") === true && file.child(holder, "trait") !== undefined;
}

/** Whether a type is laid out as one of C, which may be named as there. */
function isOfC(context: RenameContext, path: string, offset: number): boolean {
    const tree = context.treeOf(path);
    return (
        tree !== undefined &&
        readAttributes(tree, context.textOf(path), offset).some(
            ({ path: name, text }) => name === "repr" && /\bC\b/u.test(text),
        )
    );
}

const ASSIGNED = /^\s*(?:[-+*/%^&|]|<<|>>)?=(?![=>])/u;

/** Whether it is not known that a local is read; of items no more is known than that they are named. */
function mayBeUnused(context: RenameContext, { local }: Subject, { lint }: Finding): boolean {
    if (local === undefined) {
        return true;
    }
    const file = FileSyntax.of(context, local.file);
    const name = file?.tree.nodeAt(local.nameSpan.start) ?? 0;
    const holder = file?.around(name, "function_item", "function_signature_item");
    if (holder !== undefined && file?.is(holder, "function_signature_item") === true) {
        return false; // What has no body uses nothing.
    }
    const text = context.textOf(local.file);
    const uses = context.resolution
        .occurrencesOfLocal(local)
        .filter(({ span }) => span.start !== local.nameSpan.start);
    const isSet = ({ span }: Occurrence): boolean => ASSIGNED.test(text.slice(span.end));
    return lint === UNUSED_ASSIGNMENTS ? uses.some(isSet) : uses.every(isSet);
}

/** An old and a new name. */
interface Change {
    readonly from: string;
    readonly to: string;
}

const STYLE_GROUPS = ["nonstandard_style", "bad_style"];

const STYLES = {
    snake: { lint: "non_snake_case", isOff: (name: string) => !isSnakeCase(name), case: "snake" },
    camel: {
        lint: "non_camel_case_types",
        isOff: (name: string) => !isCamelCase(name),
        case: "upper camel",
    },
    upper: {
        lint: "non_upper_case_globals",
        isOff: (name: string) => /\p{Lowercase}/u.test(name),
        case: "upper",
    },
} as const;

const STYLE_OF: Partial<Record<Definition["kind"], keyof typeof STYLES>> = {
    function: "snake",
    method: "snake",
    module: "snake",
    field: "snake",
    local: "snake",
    parameter: "snake",
    lifetime: "snake",
    struct: "camel",
    enum: "camel",
    union: "camel",
    variant: "camel",
    trait: "camel",
    "type-alias": "camel",
    "trait-alias": "camel",
    "assoc-type": "camel",
    "type-parameter": "camel",
    const: "upper",
    static: "upper",
    "assoc-const": "upper",
    "const-parameter": "upper",
};

/** A name that was in the style, or had a level of its own, and is not in it any more. */
function styleOf(kind: Definition["kind"], { from, to }: Change): Finding[] {
    const style = STYLE_OF[kind];
    if (style === undefined) {
        return [];
    }
    const { lint, isOff, case: wanted } = STYLES[style];
    return isOff(to) && !isOff(from)
        ? [
              {
                  lint: { names: [lint, ...STYLE_GROUPS], byDefault: "warn" },
                  says: `\`${to}\` should be in ${wanted} case`,
                  isCertain: true,
              },
          ]
        : [];
}

function isSnakeCase(name: string): boolean {
    const bare = name.replace(/^_+|_+$/gu, "");
    return !bare.includes("__") && !/\p{Uppercase}/u.test(bare);
}

function isCamelCase(name: string): boolean {
    const bare = name.replace(/^_+|_+$/gu, "");
    return !/^\p{Lowercase}|__|\p{Cased}_|_\p{Cased}/u.test(bare);
}

function unusedLint(name: string): Lint {
    return { names: [name, "unused"], byDefault: "warn" };
}

const UNUSED_ASSIGNMENTS = unusedLint("unused_assignments");
const OF_LOCALS = [unusedLint("unused_variables"), UNUSED_ASSIGNMENTS];
const OF_ITEMS = [unusedLint("dead_code")];

/** Lints that leave alone what is named with an underscore before it. */
const UNUSED: Partial<Record<Definition["kind"], readonly Lint[]>> = {
    local: OF_LOCALS,
    parameter: OF_LOCALS,
    label: [unusedLint("unused_labels")],
    macro: [unusedLint("unused_macros")],
    function: OF_ITEMS,
    method: OF_ITEMS,
    struct: OF_ITEMS,
    enum: OF_ITEMS,
    union: OF_ITEMS,
    variant: OF_ITEMS,
    field: OF_ITEMS,
    trait: OF_ITEMS,
    "trait-alias": OF_ITEMS,
    "type-alias": OF_ITEMS,
    "assoc-type": OF_ITEMS,
    "assoc-const": OF_ITEMS,
    const: OF_ITEMS,
    static: OF_ITEMS,
};

function unusedOf(kind: Definition["kind"], { from, to }: Change): Finding[] {
    return from.startsWith("_") && !to.startsWith("_")
        ? (UNUSED[kind] ?? []).map((lint) => ({
              lint,
              says: `\`${to}\` is not used, which it does not of a name with \`_\` before it`,
              isCertain: false,
          }))
        : [];
}

const KEYWORDS: ReadonlyMap<string, string> = new Map([
    ...["async", "await", "dyn", "try"].map((word) => [word, "2018"] as const),
    ["gen", "2024"],
]);

/** Lints that look at the characters of a name, or know some names. */
function spellingOf(kind: Definition["kind"], { from, to }: Change): Finding[] {
    const found: Finding[] = [];
    if (isBeyondAscii(to) && !isBeyondAscii(from)) {
        const says = `\`${to}\` has characters that are no ASCII`;
        const ascii = { names: ["non_ascii_idents"], byDefault: "allow" } as const;
        const rare = {
            names: ["uncommon_codepoints", "confusable_idents", "mixed_script_confusables"],
            byDefault: "warn",
        } as const;
        found.push({ lint: ascii, says, isCertain: true }, { lint: rare, says, isCertain: false });
    }
    const edition = KEYWORDS.get(to);
    if (edition !== undefined) {
        const names = [
            "keyword_idents",
            `keyword_idents_${edition}`,
            `rust_${edition}_compatibility`,
        ];
        const says = `\`${to}\` is a keyword in the edition of ${edition}`;
        found.push({ lint: { names, byDefault: "allow" }, says, isCertain: false });
    }
    if (kind === "module" && (to === "lib" || to === "main")) {
        const says = `\`mod ${to};\` is the root of a crate`;
        found.push({
            lint: { names: ["special_module_name"], byDefault: "warn" },
            says,
            isCertain: false,
        });
    }
    return found;
}

function isBeyondAscii(name: string): boolean {
    return /[^\0-\x7f]/u.test(name);
}
