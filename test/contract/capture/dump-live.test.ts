// The readers of dumps with the rustc that is installed: the facts of the fixture, and what the judges of a
// rename say of a right one and of a wrong one.

import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";

import {
    compareBindings,
    renderFacts,
    sameMirButForNames,
    type MapPosition,
} from "../../../src/capture/rustc/dump/index.ts";
import { FACT_FLAG, type RustcFacts } from "../../../src/capture/rustc/facts.ts";
import {
    FIXTURE_ARGUMENTS,
    FIXTURE_ROOT,
    RUSTC_GOLDEN,
    fileText,
    inChunks,
    readFixture,
} from "../../support/rustc-dumps.ts";

// The version that the golden files come from; another may number and print otherwise.
const GOLDEN_COMMIT = "59807616e1fa2540724bfbac14d7976d7e4a3860";

function installedCommit(): string | undefined {
    try {
        const text = execFileSync("rustc", ["-vV"], { encoding: "utf8", stdio: "pipe" });
        return /^commit-hash: (.*)$/m.exec(text)?.[1];
    } catch {
        return undefined;
    }
}

const commit = installedCommit();
const isGolden = commit === GOLDEN_COMMIT;
if (!isGolden) {
    const found = commit === undefined ? "no rustc on the PATH" : `rustc is of ${commit}`;
    process.stderr.write(`not run: dumps of the installed rustc (${found})\n`);
}

const temporary: string[] = [];
afterAll(() => {
    temporary.forEach((folder) => {
        rmSync(folder, { recursive: true, force: true });
    });
});

function dump(folder: string, options: readonly string[]): Buffer {
    const output = join(mkdtempSync(join(tmpdir(), "ferro-dump-")), "out");
    temporary.push(join(output, ".."));
    execFileSync("rustc", [...FIXTURE_ARGUMENTS, ...options, "-o", output], {
        cwd: folder,
        env: { ...process.env, RUSTC_BOOTSTRAP: "1" },
        stdio: "pipe",
    });
    return readFileSync(output);
}

interface Captured {
    readonly facts: RustcFacts;
    readonly mir: Buffer;
}

async function capture(folder: string): Promise<Captured> {
    const mir = dump(folder, ["-Zunpretty=mir", "-Zmir-include-spans=on", "-Zmir-opt-level=0"]);
    const { facts } = await readFixture(
        {
            hir: dump(folder, ["-Zunpretty=hir-tree"]),
            thir: dump(folder, ["-Zunpretty=thir-flat"]),
            mir,
        },
        folder,
    );
    return { facts, mir };
}

let untouched: Promise<Captured> | undefined;

/** The fixture as it is, captured once. */
function captureFixture(): Promise<Captured> {
    return (untouched ??= capture(FIXTURE_ROOT));
}

interface Edit {
    readonly file: string;
    readonly start: number;
    readonly end: number;
    readonly text: string;
    /** Where the other half of a shorthand stands in the new text. */
    readonly otherHalf: number;
}

/** Renames a definition at every use that the facts have. */
function editsOf(facts: RustcFacts, path: string, name: string): Edit[] {
    const spelled = path.slice(path.lastIndexOf("::") + 2);
    const { uses } = facts;
    const edits: Edit[] = [];
    for (let at = 0; at < uses.start.length; at += 1) {
        if (facts.targets[uses.target[at]!]!.path.replace(/\[[0-9a-f]+\]/, "") !== path) {
            continue;
        }
        const file = facts.files[uses.file[at]!]!.path;
        const [start, end] = [uses.start[at]!, uses.end[at]!];
        const old = readFileSync(`${FIXTURE_ROOT}/${file}`, "utf8").slice(start, end);
        if (old !== spelled) {
            // An alias keeps its name.
            continue;
        }
        const isShorthand = (uses.flags[at]! & FACT_FLAG.shorthand) !== 0;
        const text = isShorthand ? `${name}: ${old}` : name;
        edits.push({ file, start, end, text, otherHalf: isShorthand ? name.length + 2 : 0 });
    }
    return edits;
}

function applyEdits(folder: string, edits: readonly Edit[]): void {
    for (const file of new Set(edits.map((edit) => edit.file))) {
        let text = readFileSync(join(folder, file), "utf8");
        const own = edits.filter((edit) => edit.file === file).sort((a, b) => b.start - a.start);
        for (const { start, end, text: insert } of own) {
            text = text.slice(0, start) + insert + text.slice(end);
        }
        writeFileSync(join(folder, file), text);
    }
}

function mapThrough(edits: readonly Edit[]): MapPosition {
    return (file, offset, role) => {
        let moved = offset;
        for (const edit of edits) {
            if (edit.file === file && edit.start < offset) {
                moved += edit.text.length - (edit.end - edit.start);
            }
            const isField = role === "literal-field" || role === "pattern-field";
            if (edit.file === file && edit.start === offset && !isField) {
                moved += edit.otherHalf;
            }
        }
        return { file, offset: moved };
    };
}

function copyFixture(): string {
    const folder = mkdtempSync(join(tmpdir(), "ferro-fixture-"));
    temporary.push(folder);
    cpSync(FIXTURE_ROOT, folder, { recursive: true });
    return folder;
}

test.runIf(isGolden)("the installed rustc gives the golden facts", async () => {
    const { facts } = await captureFixture();
    const text = renderFacts(facts, (path) => fileText(`${FIXTURE_ROOT}/${path}`));
    const golden = readFileSync(`${RUSTC_GOLDEN}facts.txt`, "utf8");
    expect(golden.startsWith(text)).toBe(true);
});

test.runIf(isGolden).each([
    ["fixt::shapes::Circle::radius", "radius", "size"],
    ["fixt::Point", "Point", "Dot"],
    ["fixt::Area::area", "area", "surface"],
    ["fixt::shapes", "shapes", "forms"],
])("a right rename of %s binds the same", async (path, old, name) => {
    const before = await captureFixture();
    const edits = editsOf(before.facts, path, name);
    // What implements a trait's item is renamed with it.
    if (path === "fixt::Area::area") {
        edits.push(...editsOf(before.facts, "fixt::{impl#0}::area", name));
    }
    const folder = copyFixture();
    applyEdits(folder, edits);
    if (path === "fixt::shapes") {
        cpSync(join(folder, "src/shapes.rs"), join(folder, `src/${name}.rs`));
    }
    const map = mapThrough(edits);
    const after = await capture(folder);
    const comparison = compareBindings(before.facts, after.facts, (file, offset, role) => {
        const place = map(file, offset, role)!;
        return path === "fixt::shapes" && file === "src/shapes.rs"
            ? { file: `src/${name}.rs`, offset: place.offset }
            : place;
    });
    expect(comparison.differences).toEqual([]);
    expect(comparison.compared).toBe(before.facts.uses.start.length);
    const mir = await sameMirButForNames(inChunks(before.mir), inChunks(after.mir), [
        { old, new: name },
    ]);
    expect(mir.firstDifference).toBeUndefined();
});

test.runIf(isGolden)("a call that went elsewhere is found by both judges", async () => {
    const before = await captureFixture();
    const edits = editsOf(before.facts, "fixt::free", "help_x");
    const folder = copyFixture();
    applyEdits(folder, edits);
    // The call compiles, and calls another function with a name of the same length.
    const file = join(folder, "src/lib.rs");
    const text = readFileSync(file, "utf8").replace("call!(help_x)", "call!(helper)");
    writeFileSync(file, text);
    const after = await capture(folder);
    const { differences } = compareBindings(before.facts, after.facts, mapThrough(edits));
    expect(differences.map((each) => [each.kind, each.before ?? "", each.after ?? ""])).toEqual([
        ["rebound", "fixt::help_x", "fixt::helper"],
    ]);
    const mir = await sameMirButForNames(inChunks(before.mir), inChunks(after.mir), [
        { old: "free", new: "help_x" },
    ]);
    expect(mir.equal).toBe(false);
    expect(mir.firstDifference).toContain("helper");
});
