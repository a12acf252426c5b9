// Writes the described items as text. Lines that differ only in a primitive type are written once, with
// `$` for the type and the list of types after a bar.

const NUMERIC =
    "u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize f16 f32 f64 f128 bool char str".split(" ");
const WORD =
    /\b(?:u8|u16|u32|u64|u128|usize|i8|i16|i32|i64|i128|isize|f16|f32|f64|f128|bool|char|str)\b/g;

/** Lists of types, each with a number. */
class TypeLists {
    #numbers = new Map();

    numberOf(types) {
        const text = NUMERIC.filter((one) => types.has(one)).join(" ");
        let number = this.#numbers.get(text);
        if (number === undefined) {
            number = this.#numbers.size;
            this.#numbers.set(text, number);
        }
        return number;
    }

    get lines() {
        return [...this.#numbers.keys()].map((text) => `%${text}`);
    }
}

function withHole(text, type) {
    return text.replace(new RegExp(`\\b${type}\\b`, "g"), "$");
}

/** Joins lines that differ in one primitive type: `[{text, types?}]` in the order of first occurrence. */
function joinTemplates(lines, candidatesOf) {
    const groups = new Map();
    for (const line of lines) {
        for (const type of candidatesOf(line)) {
            const key = withHole(line.text, type);
            groups.set(key, (groups.get(key) ?? new Set()).add(type));
        }
    }
    const joined = new Map();
    for (const line of lines) {
        let best;
        for (const type of candidatesOf(line)) {
            const key = withHole(line.text, type);
            const { size } = groups.get(key);
            if (size > 1 && size > (best?.size ?? 0)) {
                best = { key, type, size };
            }
        }
        const key = best?.key ?? line.text;
        const entry = joined.get(key) ?? {
            text: key,
            types: best === undefined ? undefined : new Set(),
        };
        entry.types?.add(best.type);
        joined.set(key, entry);
    }
    return [...joined.values()];
}

const primitivesIn = (line) => [...new Set(line.text.match(WORD) ?? [])];

/** The whole summary as text. */
export class SummaryWriter {
    #describer;
    #lists = new TypeLists();

    constructor(describer) {
        this.#describer = describer;
    }

    /** `{types, traits}`: two texts, each with its own lists. */
    write(header) {
        const heads = [...this.#describer.heads.values()].sort((a, b) =>
            a.path < b.path ? -1 : 1,
        );
        const isNumeric = (head) => NUMERIC.includes(head.path);
        const body = [
            ...this.#shared(heads.filter(isNumeric)),
            ...heads.flatMap((one) =>
                isNumeric(one) ? [`@primitive ${one.path}`] : this.#head(one),
            ),
            "@functions",
            ...this.#functions(),
        ];
        const { lines, codes } = abbreviate(body);
        const front = [...header.map((line) => `# ${line}`), ...codes, ...this.#lists.lines];
        return [...front, ...lines, ""].join("\n");
    }

    #functions() {
        const lines = [...new Set(this.#describer.functions)].sort((a, b) =>
            a.slice(1) < b.slice(1) ? -1 : 1,
        );
        let before = "";
        return lines.flatMap((line) => {
            const space = line.indexOf(" ");
            const module = line.slice(1, space);
            const text = line[0] + line.slice(space + 1);
            const intro = module === before ? [] : [`>${module}`];
            before = module;
            return [...intro, text];
        });
    }

    #shared(heads) {
        const lines = heads.flatMap((head) => [
            ...[...head.blocks.values()].flatMap((block) =>
                [...block].map((text) => ({ text, own: head.path })),
            ),
            ...head.impls.map((impl) => ({ text: `x${impl.text}`, own: head.path })),
        ]);
        const joined = joinTemplates(
            lines.map((one) => ({ ...one, text: `${one.own}\n${one.text}` })),
            (line) => [line.own],
        );
        const shared = joined.map((one) => {
            const [own, text] = one.text.split("\n");
            const types = one.types ?? new Set([own]);
            return `${text}|${this.#lists.numberOf(types)}`;
        });
        return ["@shared", ...shared.sort((a, b) => (a < b ? -1 : 1))];
    }

    #head(head) {
        const flags = `${head.unstable ? "~" : ""}${head.isOpen ? "?" : ""}`;
        const out = [`@${flags}${head.kind} ${head.path}${head.generics}`];
        if (head.aliases.length > 0) {
            out.push(`a${head.aliases.join(" ")}`);
        }
        out.push(...head.lines);
        if (head.derives.length > 0) {
            out.push(`d${[...new Set(head.derives)].join(" ")}`);
        }
        out.push(...this.#blocks(head), ...this.#impls(head));
        return out;
    }

    #blocks(head) {
        const lines = [...head.blocks].flatMap(([header, block]) =>
            [...block].map((text) => ({ text: `${header}\n${text}` })),
        );
        // Only types of the header may be left open, so that block and members agree.
        const joined = joinTemplates(lines, (line) =>
            primitivesIn({ text: line.text.slice(0, line.text.indexOf("\n")) }),
        );
        const blocks = new Map();
        for (const { text, types } of joined) {
            const [header, member] = text.split("\n");
            const key = `i${header}${types === undefined ? "" : `|${this.#lists.numberOf(types)}`}`;
            blocks.set(key, [...(blocks.get(key) ?? []), member]);
        }
        return [...blocks].flatMap(([header, members]) => [header, ...members]);
    }

    #impls(head) {
        const impls = thinOut(head);
        const lines = [...new Set(impls.map((one) => one.text))].map((text) => ({ text }));
        return joinTemplates(lines, primitivesIn).map(({ text, types }) =>
            types === undefined ? `x${text}` : `x${text}|${this.#lists.numberOf(types)}`,
        );
    }
}

const CODES = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"];

/** Replaces the paths that cost most by `^` and a letter; lines that name heads and modules stay. */
function abbreviate(body) {
    const isPlain = (line) => /^[@a>]/.test(line);
    const counts = new Map();
    for (const line of body.filter((one) => !isPlain(one))) {
        for (const path of line.match(/\b(?:\w+::)+\w+/g) ?? []) {
            counts.set(path, (counts.get(path) ?? 0) + path.length - 2);
        }
    }
    const chosen = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
    const codes = new Map(chosen.slice(0, CODES.length).map(([path], i) => [path, `^${CODES[i]}`]));
    return {
        codes: [...codes].map(([path, code]) => `&${code[1]}${path}`),
        lines: body.map((line) =>
            isPlain(line)
                ? line
                : line.replace(/\b(?:\w+::)+\w+/g, (path) => codes.get(path) ?? path),
        ),
    };
}

/** Of tuples of all sizes, one impl a trait; arrays of literal sizes stand for all sizes. */
function thinOut(head) {
    if (head.path === "array") {
        return head.impls.map((one) => ({
            ...one,
            text: one.text.replace(/\[(\w+); ?[\d(][^\]]*\]/g, "[$1; N]"),
        }));
    }
    if (head.path === "tuple" || head.path === "fn") {
        const seen = new Set();
        return [...head.impls]
            .sort((a, b) => b.text.length - a.text.length)
            .filter((one) => !seen.has(one.traitName) && seen.add(one.traitName));
    }
    return head.impls;
}
