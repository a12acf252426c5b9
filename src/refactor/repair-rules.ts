// What rustc's errors say of a name, as data: which of them tell that a name is not what it was taken for, and
// where in their place the name stands. All others are taken for consequences.

/** How an error tells of a name. */
export interface RepairRule {
    /** `name`: the place is the name, or a path or an access that ends in it; `item`: an item that it names. */
    readonly place: "item" | "name";
    /** Which name of a shorthand token it speaks of. */
    readonly part: "field" | "value";
    /** It tells by any of its places, and not only by the main one. */
    readonly anyPlace?: boolean;
}

const VALUE: RepairRule = { place: "name", part: "value" };
const FIELD: RepairRule = { place: "name", part: "field" };
const ITEM: RepairRule = { place: "item", part: "value" };
/** A constant that is none any more binds whatever comes: the compiler only warns. */
const PATTERN: RepairRule = { place: "name", part: "value", anyPlace: true };

/** Rules by the error's code, or the lint. */
export const REPAIR_RULES: ReadonlyMap<string, RepairRule> = new Map([
    ["E0026", FIELD], // A variant or struct has no such field, in a pattern.
    ["E0027", FIELD], // A pattern does not mention a field.
    ["E0220", VALUE], // No such associated type.
    ["E0261", VALUE], // No such lifetime.
    ["E0404", VALUE], // No trait.
    ["E0405", VALUE], // No such trait.
    ["E0407", ITEM], // A method is no member of the trait; the place is the whole method.
    ["E0408", VALUE], // A name is not bound in all patterns.
    ["E0412", VALUE], // No such type.
    ["E0422", VALUE], // No such struct.
    ["E0423", VALUE], // No value.
    ["E0425", VALUE], // No such value.
    ["E0426", VALUE], // No such label.
    ["E0432", VALUE], // An import of nothing.
    ["E0433", VALUE], // No such thing at the beginning of a path.
    ["E0437", ITEM], // A type is no member of the trait.
    ["E0438", ITEM], // A constant is no member of the trait.
    ["E0531", VALUE], // No such pattern.
    ["E0532", VALUE], // Not a pattern.
    ["E0559", FIELD], // A variant has no such field.
    ["E0560", FIELD], // A struct has no such field.
    ["E0573", VALUE], // No type.
    ["E0574", VALUE], // No struct.
    ["E0576", VALUE], // No such associated item in the trait.
    ["E0583", ITEM], // No file for a module.
    ["E0599", VALUE], // No such method, associated item or variant.
    ["E0609", FIELD], // No such field.
    ["E0610", FIELD], // A type without fields.
    ["E0615", FIELD], // A method was taken for a field.
    ["bindings_with_variant_name", PATTERN],
    ["non_snake_case", PATTERN],
    ["unreachable_patterns", PATTERN],
    ["unused_variables", PATTERN],
]);

/** Errors without a code. */
const WITHOUT_CODE = /^cannot find (?:attribute|derive macro|macro) /u;

/** The rule of an error or a warning; undefined where it tells nothing of a name. */
export function repairRule(code: string, message: string): RepairRule | undefined {
    return code === "" && WITHOUT_CODE.test(message) ? VALUE : REPAIR_RULES.get(code);
}

/** Where in a place of a rule the name stands: offset in the text; undefined where it does not. */
export function findName(rule: RepairRule, text: string, name: string): number | undefined {
    const before = rule.place === "item" ? ITEM_BEFORE : PATH_BEFORE;
    const plain = name.replaceAll(/[$]/gu, "\\$&");
    const pattern = new RegExp(`${before}((?:r#)?${plain})(?!\\p{XID_Continue})`, "dgu");
    const found = [...text.matchAll(pattern)];
    const match = rule.place === "item" ? found[0] : found.at(-1);
    return match?.indices?.[1]?.[0];
}

const ITEM_BEFORE = "(?<=(?:^|[^\\p{XID_Continue}])(?:fn|type|const|mod)\\s+)";
const PATH_BEFORE = "(?<![\\p{XID_Continue}#])";
