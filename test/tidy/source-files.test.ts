// Rules of this repository for its files: headers, sizes, characters, what may be called where.

import { expect, test } from "vitest";

import { listRepositoryFiles, readRepositoryFile, sizeOf } from "../support/repository.ts";

const FILES = listRepositoryFiles();
const SOURCES = FILES.filter((name) => name.startsWith("src/") && name.endsWith(".ts"));
const TEXTS = FILES.filter((name) =>
    /\.(ts|mjs|cjs|js|json|md|scm|rs|toml|lua|yml)$|^\.ci\//.test(name),
);

const LINES_MAX = 600;
const BYTES_MAX = 256 * 1024;

// Files above the limit, each with its reason.
const LONG_FILES: Readonly<Record<string, string>> = {};

// Files whose tests are about characters or damage that tidy forbids elsewhere.
const ODD_CHARACTERS = [/^test\/fixtures\//, /^test\/golden\//];

// What must not be called, and the folders (or files) of src that may.
const BANNED: readonly { what: RegExp; name: string; allowed: readonly RegExp[] }[] = [
    { what: /\bMath\.random\b/, name: "Math.random", allowed: [] },
    { what: /\bDate\.now\b|\bnew Date\(\)/, name: "the clock", allowed: [/^src\/platform\//] },
    {
        what: /\bprocess\.env\b/,
        name: "the environment",
        // Where the addon is looked for: the loader is of the platform's rank, and cannot ask it.
        allowed: [/^src\/platform\//, /^src\/cli\//, /^src\/native\/load-native\.ts$/],
    },
    { what: /\bconsole\./, name: "the console", allowed: [] },
    {
        what: /\bsetTimeout\(|\bsetInterval\(/,
        name: "timers",
        // In tables: a query that takes too long is interrupted.
        allowed: [
            /^src\/platform\//,
            /^src\/tables\//,
            /^src\/engine\//,
            /^src\/server\//,
            /^src\/cli\//,
        ],
    },
];

function withoutComments(text: string): string {
    return text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/(^|[^:"'`])\/\/.*$/gm, "$1");
}

test("every source file begins with a header comment of one to six lines", () => {
    const bad = SOURCES.filter((name) => {
        const lines = readRepositoryFile(name)
            .replace(/^#!.*\n/, "")
            .split("\n");
        // A blank comment line ends the header; what follows describes shapes and invariants.
        const end = lines.findIndex((line) => !line.startsWith("// "));
        return end < 1 || end > 6 || (lines[0]?.length ?? 0) < 12;
    });
    expect(bad).toEqual([]);
});

test("no source file is long without a reason", () => {
    const long = [
        ...SOURCES,
        ...FILES.filter((name) => /^(test|bench)\/.*\.ts$/.test(name)),
    ].filter((name) => readRepositoryFile(name).split("\n").length - 1 > LINES_MAX);
    expect(long.filter((name) => LONG_FILES[name] === undefined)).toEqual([]);
    expect(Object.keys(LONG_FILES).filter((name) => !long.includes(name))).toEqual([]);
});

test("file names are kebab-case and say what is in them", () => {
    const bad = SOURCES.filter((name) => {
        const base = name.slice(name.lastIndexOf("/") + 1, -".ts".length);
        return (
            !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(base) ||
            /^(utils?|helpers?|common|manager|misc)$/.test(base)
        );
    });
    expect(bad).toEqual([]);
});

test("no text holds tabs, control characters or trailing blanks", () => {
    const bad: string[] = [];
    for (const name of TEXTS.filter((file) => !ODD_CHARACTERS.some((odd) => odd.test(file)))) {
        readRepositoryFile(name)
            .split("\n")
            .forEach((line, index) => {
                // eslint-disable-next-line no-control-regex -- control characters are what is sought
                if (/[\u0000-\u001f\u007f]|[ ]$/.test(line)) {
                    bad.push(`${name}:${index + 1}`);
                }
            });
    }
    expect(bad).toEqual([]);
});

test("no file over 256 KiB is tracked, but for the lockfile", () => {
    const big = FILES.filter((name) => (sizeOf(name) ?? 0) > BYTES_MAX);
    expect(big.filter((name) => name !== "package-lock.json")).toEqual([]);
});

test.each(BANNED)("$name is used only where it may be", ({ what, allowed }) => {
    const bad = SOURCES.filter(
        (name) =>
            !allowed.some((folder) => folder.test(name)) &&
            what.test(withoutComments(readRepositoryFile(name))),
    );
    expect(bad).toEqual([]);
});

test("no path of somebody's machine is written down", () => {
    const machine = /(?<![\w.$}])\/(work|home|Users|root|tmp)\/[\w.]/;
    const bad: string[] = [];
    for (const name of TEXTS.filter((file) => !file.startsWith("test/"))) {
        readRepositoryFile(name)
            .split("\n")
            .forEach((line, index) => {
                if (machine.test(line)) {
                    bad.push(`${name}:${index + 1}: ${line.trim()}`);
                }
            });
    }
    expect(bad).toEqual([]);
});

test("nothing is left to be done in a comment", () => {
    const bad = FILES.filter(
        (name) =>
            /\.(ts|mjs|cjs|js|scm|lua)$/.test(name) &&
            name !== "test/tidy/source-files.test.ts" &&
            /\b(TODO|FIXME|XXX|HACK)\b/.test(readRepositoryFile(name)),
    );
    expect(bad).toEqual([]);
});

test("no test is switched off or alone", () => {
    const bad = FILES.filter(
        (name) =>
            name.endsWith(".test.ts") &&
            name !== "test/tidy/source-files.test.ts" &&
            /\b(test|it|describe)\.(only|skip|todo)\(/.test(readRepositoryFile(name)),
    );
    expect(bad).toEqual([]);
});
