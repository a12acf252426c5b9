// Words that the grammar, the bridges or the walk tell from other identifiers.

import type { GrammarTable } from "./grammar-table.ts";
import type { GrammarNames } from "./parsed-text.ts";

/** Words that bridge-gaps.ts looks for, and literals that the grammar hides in named nodes. */
const MORE = [
    ..."u8 i8 u16 i16 u32 i32 u64 i64 u128 i128 isize usize f16 f32 f64 f128 bool str char".split(
        " ",
    ),
    ..."safe box auto raw macro mut true false self super crate dyn gen union default".split(" "),
    ..."macro_rules async await unsafe const trait for fn static extern move impl let mod".split(
        " ",
    ),
    ..."use pub struct where type Self yield try try_block macro_export".split(" "),
];

/** Lists them: every keyword of the grammar, contextual ones and names of primitive types among them. */
export function listSpecialWords(language: GrammarNames, table: GrammarTable): ReadonlySet<string> {
    const words = new Set([...MORE, ...table.macroStyles.keys()]);
    for (let id = 0; id < language.nodeTypeCount; id++) {
        const name = language.nodeTypeForId(id);
        if (name !== null && !language.nodeTypeIsNamed(id) && /^\w+$/u.test(name)) {
            words.add(name);
        }
    }
    return words;
}
