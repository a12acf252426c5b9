// The semantic patch as a schema: what a patch file may say. The JSON Schema for editors
// (docs/semantic-patch.schema.json) and the types below are made from it. Reference: docs/semantic-patch.md.

import { z } from "zod";

/** What a `node` may be: kinds of symbols, or paths that mean one. */
export const NODE_NAMES = [
    "Item",
    "Type",
    "Function",
    "Method",
    "Struct",
    "Enum",
    "Union",
    "Variant",
    "Field",
    "Trait",
    "Module",
    "Const",
    "Static",
    "TypeAlias",
    "AssocType",
    "AssocConst",
    "Macro",
    "Path",
] as const;

/** Conventions of names that a rename may convert to. */
export const NAME_CASES = ["snake", "screaming_snake", "upper_camel", "lower_camel"] as const;

/** How sure the binding of every edited token must be. */
export const PRECISIONS = ["syntactic", "exact"] as const;

/** Grades of conflicts that a patch may say yes to beforehand. */
const GRADES = ["changes-output", "breaks-api"] as const;

const text = z.string().min(1);
const count = z.int().nonnegative();

const expect = z
    .union([
        count,
        z
            .strictObject({ min: count.optional(), max: count.optional() })
            .refine(
                ({ min = 0, max = Number.POSITIVE_INFINITY }) => min <= max,
                "`min` is above `max`",
            ),
    ])
    .describe(
        "How many items are matched: a number, or its bounds. Anything else refuses the patch.",
    );

const bind = z
    .string()
    .regex(/^[a-z_][a-z0-9_]*$/u, "a binding is called like `new_type`")
    .describe("Keeps what is matched under this name for later patterns, through all edits.");

const ident = z.union([
    text.describe("The identifier, without `r#`."),
    z.strictObject({ regex: text.describe("A regular expression that the whole name matches.") }),
]);

const byNode = z.strictObject({
    node: z
        .enum(NODE_NAMES)
        .describe("Kind of the items; `Path` takes what paths so written mean."),
    ident: ident.optional(),
    in: text.optional().describe("Only below this module or item, as `crate_name::module`."),
    crate: text.optional().describe("Only in the crate of this name."),
    visibility: z.enum(["private", "restricted", "crate", "public"]).optional(),
    expect: expect.optional(),
    bind: bind.optional(),
});

const bySymbol = z.strictObject({
    symbol: text.describe("Path as `crate_name::module::Type::method`, or FILE:LINE:COLUMN."),
    expect: expect.optional(),
    bind: bind.optional(),
});

const bySql = z.strictObject({
    sql: text.describe(
        "A query over the tables (docs/tables.md) whose column `symbol_id` says which.",
    ),
    expect,
    bind: bind.optional(),
});

const byBinding = z.strictObject({
    bound: bind.describe("What an earlier pattern kept."),
    expect: expect.optional(),
});

const byPattern = z.strictObject({
    pattern: text.describe(
        "A call with metavariables: `krate::function($a, $b)`. With `pattern_rewrite`.",
    ),
});

const match = z.union([byNode, bySymbol, bySql, byBinding, byPattern]);

const rename = z.strictObject({
    rename: z
        .union([
            text.describe(
                "The new name. `{name}` stands for the old one, `{1}` for a group of the regex.",
            ),
            z.strictObject({
                to: text.optional(),
                case: z.enum(NAME_CASES).optional().describe("Converts the name to a convention."),
                as: z.enum(["item", "import", "alias"]).optional(),
            }),
        ])
        .describe("Renames the item, and all that is renamed with it."),
});

const changeVisibility = z.strictObject({
    change_visibility: z
        .string()
        .regex(
            /^(?:private|pub|pub\((?:crate|self|super|in [A-Za-z_:][A-Za-z0-9_:]*)\))$/u,
            "a visibility is `private`, `pub`, `pub(crate)`, `pub(super)` or `pub(in path)`",
        )
        .describe("Gives the item another visibility."),
});

const newParameter = z.union([
    text.describe("A parameter that stays, by name, or by number as `#1`."),
    z.strictObject({
        add: text.describe("Name of a new parameter."),
        type: text.describe("Its type, as it is to be written everywhere."),
        argument: text.describe("What every call passes for it."),
    }),
]);

const changeSignature = z.strictObject({
    change_signature: z
        .strictObject({ parameters: z.array(newParameter) })
        .describe("The parameters in their new order, without `self`; those not named go."),
});

const replacePath = z.strictObject({
    replace_path: text.describe(
        "Path of what is used instead, from its crate: `krate::module::item`.",
    ),
});

const patternRewrite = z.strictObject({
    pattern_rewrite: text.describe("What every call that fits the pattern becomes."),
});

const action = z.union([rename, changeVisibility, changeSignature, replacePath, patternRewrite]);

const pattern = z
    .strictObject({ match, action })
    .refine(
        (one) => "pattern" in one.match === "pattern_rewrite" in one.action,
        "`pattern` goes with `pattern_rewrite`, and nothing else does",
    );

const configuration = z.strictObject({
    features: z.array(text).optional(),
    all_features: z.boolean().optional(),
    no_default_features: z.boolean().optional(),
    target: text.optional().describe("Target triple."),
});

const constraints = z.strictObject({
    exclude_crates: z.array(text).optional().describe("No file of these crates is edited."),
    only_if_no_conflicts: z.boolean().optional().describe("On by default; off accepts `accept`."),
    accept: z.array(z.enum(GRADES)).optional().describe("Conflicts that are agreed to."),
    minimum_precision: z.enum(PRECISIONS).optional(),
    max_files: count.optional(),
    max_edits: count.optional(),
    forbidden_paths: z
        .array(text)
        .optional()
        .describe("Files that are not edited, as in .gitignore."),
    cfg_matrix: z.array(configuration).optional().describe("Configurations to check with cargo."),
});

const postcheck = z
    .string()
    .describe("A `cargo` command: check, test, build, clippy, fmt --check, doc, nextest run.");

/** What a patch file says. */
export const PATCH_SCHEMA = z.strictObject({
    $schema: z.string().optional(),
    id: z
        .string()
        .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/u, "letters, digits, `.`, `_` and `-`")
        .describe("Name of the patch; part of the branch that it is made on."),
    description: z.string().optional(),
    patterns: z.array(pattern).min(1),
    constraints: constraints.optional(),
    postchecks: z.array(postcheck).optional(),
    on_failure: z.enum(["rollback", "keep"]).optional().describe("What is done with the worktree."),
});

/** A semantic patch as it is written. */
export type SemanticPatch = z.infer<typeof PATCH_SCHEMA>;

/** One of its patterns. */
export type PatchPattern = SemanticPatch["patterns"][number];

/** What a pattern matches. */
export type PatchMatch = PatchPattern["match"];

/** What a pattern does. */
export type PatchAction = PatchPattern["action"];

/** What the whole must keep to. */
export type PatchConstraints = NonNullable<SemanticPatch["constraints"]>;

/** How many items a pattern may match. */
export type Expectation = z.infer<typeof expect>;

/** One convention of names. */
export type NameCase = (typeof NAME_CASES)[number];

/** JSON Schema (2020-12) of a patch file. */
export function patchJsonSchema(): unknown {
    return {
        $id: "https://ferrograph.dev/semantic-patch.schema.json",
        title: "Ferrograph semantic patch",
        ...z.toJSONSchema(PATCH_SCHEMA, { unrepresentable: "any" }),
    };
}
