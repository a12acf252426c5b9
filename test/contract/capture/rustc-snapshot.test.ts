// One compilation captured under bad conditions: compilers that end in the middle, files that change.

import { execFileSync } from "node:child_process";
import {
    chmodSync,
    mkdirSync,
    mkdtempSync,
    readdirSync,
    realpathSync,
    rmSync,
    writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

import { CancelledError, OperatingError } from "../../../src/base/index.ts";
import { captureSnapshot, type Snapshot } from "../../../src/capture/index.ts";
import { renderFacts } from "../../../src/capture/rustc/dump/index.ts";

const SLOW_MS = 60_000;
const ARGS = [
    "--crate-name",
    "small",
    "--edition=2021",
    "src/lib.rs",
    "--error-format=json",
    "--json=diagnostic-rendered-ansi,artifacts",
    "--crate-type",
    "lib",
    "--emit=dep-info,metadata",
    "-C",
    "metadata=0123",
    "--out-dir",
    "out",
    "-C",
    "incremental=out/incremental",
];

const rustc = ((): string | undefined => {
    try {
        return execFileSync("rustc", ["--print", "sysroot"], { encoding: "utf8" }).trim();
    } catch {
        process.stderr.write("not run: captures of a compilation (rustc is not on the PATH)\n");
        return undefined;
    }
})();
const COMPILER = join(rustc ?? "", "bin", "rustc");

let root: string;

beforeEach(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), "ferro-")));
    mkdirSync(join(root, "src"));
    writeFileSync(join(root, "src", "lib.rs"), "mod one;\npub fn all() -> u32 { one::one() }\n");
    writeFileSync(join(root, "src", "one.rs"), "pub fn one() -> u32 { 1 }\n");
});

afterEach(() => {
    rmSync(root, { recursive: true, force: true });
});

function capture(compiler: string, signal?: AbortSignal): Promise<Snapshot> {
    const unit = {
        packageFolder: "",
        packageName: "small",
        crateName: "small",
        targetKind: "lib" as const,
        targetName: "small",
        isTest: false,
        features: [],
        configuration: "default",
    };
    const entry = {
        unit,
        compiler: "c".repeat(40),
        rustc: compiler,
        cwd: root,
        root,
        scratch: join(root, "scratch"),
        withMir: false,
        signal,
    };
    return captureSnapshot(entry, ARGS, {});
}

/** A compiler that does something of its own before its dump of THIR. */
function compilerWith(script: string): string {
    const path = join(root, "compiler");
    const lines = [
        "#!/bin/sh",
        'case "$*" in *thir-flat*)',
        script,
        ";; esac",
        `exec "${COMPILER}" "$@"`,
    ];
    writeFileSync(path, `${lines.join("\n")}\n`);
    chmodSync(path, 0o755);
    return path;
}

test.runIf(rustc !== undefined)(
    "a capture reads both dumps and leaves nothing behind",
    async () => {
        const { facts, sources, changedFiles } = await capture(COMPILER);
        expect(facts.files.map((file) => file.path).sort()).toEqual(["src/lib.rs", "src/one.rs"]);
        expect(facts.targets.map((target) => target.path.replace(/\[.*?\]/, ""))).toContain(
            "small::one::one",
        );
        expect(sources.map((file) => file.path)).toEqual([
            join(root, "src", "lib.rs"),
            join(root, "src", "one.rs"),
        ]);
        expect(changedFiles).toEqual([]);
        expect(readdirSync(root)).toEqual(["src"]);
    },
    SLOW_MS,
);

/** A macro's variable takes a name and binds it anew; the name is written once, or more often, in its input. */
function rebinding(input: string, variables: string): string {
    return [
        "macro_rules! bind { ($var:ident) => { let (mut $var, _more) = ($var.into_iter(), 1); }; }",
        `macro_rules! inner { (${variables}) => {{ bind!($var); $var.next() }}; }`,
        "macro_rules! each { ($($token:tt)*) => {{ inner!($($token)*) }}; }",
        `pub fn first(names: Vec<u8>) -> Option<u8> { each!(${input}) }\n`,
    ].join("\n");
}

test.runIf(rustc !== undefined)(
    "a variable that a method is called on is the token that the macro was given",
    async () => {
        const source = rebinding("names", "$var:ident");
        writeFileSync(join(root, "src", "lib.rs"), source);
        const { facts } = await capture(COMPILER);
        const lines = renderFacts(facts, () => source).split("\n");
        expect(lines.filter((line) => line.startsWith("src/lib.rs:4:52 "))).toEqual([
            "src/lib.rs:4:52 names definition local src/lib.rs:4:52 names +byHygiene",
            "src/lib.rs:4:52 names path local src/lib.rs:4:14 names +byHygiene",
        ]);
    },
    SLOW_MS,
);

test.runIf(rustc !== undefined)(
    "tokens of which one is meant are told to be open",
    async () => {
        const source = rebinding("names names", "$var:ident $other:ident");
        writeFileSync(join(root, "src", "lib.rs"), source);
        const { facts } = await capture(COMPILER);
        const lines = renderFacts(facts, () => source).split("\n");
        expect(lines.filter((line) => /^src\/lib\.rs:4:5\d /u.test(line))).toEqual([
            "src/lib.rs:4:52 names path local - +byHygiene",
            "src/lib.rs:4:58 names path local - +byHygiene",
        ]);
    },
    SLOW_MS,
);

test.runIf(rustc !== undefined)(
    "a dump that is killed, fails or is cut off is an error that names the crate",
    async () => {
        for (const script of ["kill -9 $$", "exit 3", "echo 'DefId(0:3'; exit 101"]) {
            const failure = await capture(compilerWith(script)).catch((error: unknown) => error);
            expect(failure).toBeInstanceOf(OperatingError);
            expect(failure).toMatchObject({ code: "COMPILER_DUMP_FAILED" });
            expect(String(failure)).toContain("thir-flat of small lib small");
        }
        expect(readdirSync(root).sort()).toEqual(["compiler", "src"]);
    },
    SLOW_MS,
);

test.runIf(rustc !== undefined)(
    "of a file that changes between the dumps nothing is said",
    async () => {
        const { facts, changedFiles } = await capture(
            compilerWith('echo "// Changed." >> src/one.rs'),
        );
        expect(changedFiles).toEqual(["src/one.rs"]);
        expect(facts.files.map((file) => file.path)).toEqual(["src/lib.rs"]);
        expect(facts.uses.file.length).toBeGreaterThan(0);
        expect(new Set(facts.uses.file)).toEqual(new Set([0]));
        const one = facts.definitions.find((each) => each.path.endsWith("::one::one"));
        expect(one?.file).toBe(-1);
    },
    SLOW_MS,
);

test.runIf(rustc !== undefined)(
    "a capture that is cancelled ends its compiler",
    async () => {
        const controller = new AbortController();
        const pidFile = join(root, "pid");
        const running = capture(
            compilerWith(`echo $$ > "${pidFile}"; sleep 60`),
            controller.signal,
        ).catch((error: unknown) => error);
        const began = performance.now();
        while (!readdirSync(root).includes("pid")) {
            await new Promise((resolve) => setTimeout(resolve, 20));
        }
        controller.abort();
        expect(await running).toBeInstanceOf(CancelledError);
        expect(performance.now() - began).toBeLessThan(30_000);
        expect(readdirSync(root)).not.toContain("scratch");
    },
    SLOW_MS,
);
