// What tokens bind to, as text: fixtures with carets under the tokens and what each means.
//
//     let x = Foo;
//         ^ local@1:5
//             ^^^ main::Foo
//
// A label line belongs to the code line above it. Lines are counted in their file, label lines included.
// `family …` lists what is renamed together with the token's symbol, `implements …` the foreign trait
// that the symbol's impl is of, `none` says that the token names nothing.

import { expect } from "vitest";

import { resolveWorkspace } from "../../src/resolve/index.ts";
import type { Occurrence, ResolvedWorkspace, SymbolIndex } from "../../src/resolve/index.ts";
import { openSyntax, type FileCapture } from "../../src/syntax/index.ts";
import { parseFixture, type Fixture } from "./fixture.ts";

const SYNTAX = await openSyntax();

const LABEL = /^( *)(\^+) (.+)$/u;

interface Label {
    /** Number of the line in its file, from 0. */
    readonly line: number;
    readonly indent: string;
    readonly carets: string;
    readonly expected: string;
    /** Span of the token above the carets. */
    readonly start: number;
    readonly end: number;
}

/** Captures of a fixture's files, label lines made blank. */
export function captureFixture(fixture: Fixture): Map<string, FileCapture> {
    const captures = new Map<string, FileCapture>();
    for (const [path, text] of fixture.files) {
        captures.set(path, SYNTAX.capture(path, blankLabels(text)));
    }
    return captures;
}

/** The fixture with each label replaced by what its token means. */
export function resolveLabels(text: string): string {
    const fixture = parseFixture(text);
    const captures = captureFixture(fixture);
    const resolved = resolveWorkspace({ model: fixture.model, captures });
    const isSingle = !text.trimStart().startsWith("//- ");
    const sections = [...fixture.files].map(([path, content]) => {
        const lines = content.split("\n");
        for (const label of labelsOf(content)) {
            const meaning = new Meaning(resolved, fixture, path).of(label);
            lines[label.line] = `${label.indent}${label.carets} ${meaning}`;
        }
        return { path, text: lines.join("\n") };
    });
    if (isSingle) {
        return sections[0]!.text;
    }
    const headers = new Map(
        [...text.matchAll(/^\/\/- \/(\S+).*$/gmu)].map((match) => [match[1]!, match[0]]),
    );
    return sections.map((one) => `${headers.get(one.path)!}\n${one.text}`).join("");
}

/** Expects that every label says what its token means. */
export function checkResolve(text: string): void {
    expect(text).toMatch(/^ *\^+ /mu);
    expect(resolveLabels(text)).toBe(text);
}

function blankLabels(text: string): string {
    return text
        .split("\n")
        .map((line) => (LABEL.test(line) ? "" : line))
        .join("\n");
}

function labelsOf(text: string): Label[] {
    const labels: Label[] = [];
    let offset = 0;
    let codeStart = 0;
    const blank = blankLabels(text).split("\n");
    text.split("\n").forEach((line, number) => {
        const match = LABEL.exec(line);
        if (match === null) {
            codeStart = offset;
        } else {
            const [, indent, carets, expected] = match as unknown as [
                string,
                string,
                string,
                string,
            ];
            const start = codeStart + indent.length;
            labels.push({
                line: number,
                indent,
                carets,
                expected,
                start,
                end: start + carets.length,
            });
        }
        offset += blank[number]!.length + 1;
    });
    return labels;
}

/** Says what tokens of one file mean. */
class Meaning {
    readonly #resolved: ResolvedWorkspace;
    readonly #fixture: Fixture;
    readonly #path: string;

    constructor(resolved: ResolvedWorkspace, fixture: Fixture, path: string) {
        this.#resolved = resolved;
        this.#fixture = fixture;
        this.#path = path;
    }

    of(label: Label): string {
        const found = this.#resolved
            .occurrencesIn(this.#path)
            .filter(({ span }) => span.start === label.start && span.end === label.end);
        if (found.length === 0) {
            return "none";
        }
        if (label.expected.startsWith("family ")) {
            return `family ${this.#family(found).join(" + ")}`;
        }
        if (label.expected.startsWith("implements ")) {
            const traits = symbolsOf(found).map((one) => this.#resolved.externalTraitOf(one));
            return `implements ${[...new Set(traits)].join(" + ")}`;
        }
        return [...new Set(found.map((one) => this.#binding(one)))].join(" & ");
    }

    #family(found: readonly Occurrence[]): string[] {
        const members = symbolsOf(found).flatMap((one) => this.#resolved.renameFamily(one));
        return [...new Set(members)].map((one) => this.#symbol(one)).sort();
    }

    #binding({ binding, viaAlias }: Occurrence): string {
        const alias = viaAlias ? "alias of " : "";
        switch (binding.kind) {
            case "symbol":
                return alias + this.#symbols(binding.symbols, " + ");
            case "ambiguous":
                return `ambiguous: ${this.#symbols(binding.candidates, " | ")}`;
            case "local": {
                const { start } = binding.local.nameSpan;
                const before = blankLabels(this.#fixture.files.get(this.#path)!).slice(0, start);
                const lines = before.split("\n");
                return `local@${lines.length}:${lines[lines.length - 1]!.length + 1}`;
            }
            case "external":
                return `${alias}external ${binding.path}`;
            case "builtin":
            case "unresolved":
            case "opaque":
                return binding.kind;
        }
    }

    #symbols(symbols: readonly SymbolIndex[], separator: string): string {
        return symbols
            .map((one) => this.#symbol(one))
            .sort()
            .join(separator);
    }

    #line(path: string, offset: number): number {
        return blankLabels(this.#fixture.files.get(path)!).slice(0, offset).split("\n").length;
    }

    /** The display path; kind, predicate or line too where another symbol has the same. */
    #symbol(index: SymbolIndex): string {
        const symbol = this.#resolved.symbol(index);
        const rivals = this.#resolved
            .findByName(symbol.name)
            .map((one) => this.#resolved.symbol(one))
            .filter((one) => one.display === symbol.display && one.index !== index);
        const kind = rivals.some((one) => one.kind !== symbol.kind) ? ` (${symbol.kind})` : "";
        const twins = rivals.filter((one) => one.kind === symbol.kind);
        const isSame = twins.some((one) => one.cfg === symbol.cfg && one.file === symbol.file);
        const mark = isSame
            ? `@${this.#line(symbol.file!, symbol.nameSpan!.start)}`
            : `[${symbol.cfg}]`;
        return symbol.display + kind + (twins.length === 0 ? "" : ` ${mark}`);
    }
}

function symbolsOf(found: readonly Occurrence[]): SymbolIndex[] {
    return found.flatMap(({ binding }) => (binding.kind === "symbol" ? binding.symbols : []));
}
