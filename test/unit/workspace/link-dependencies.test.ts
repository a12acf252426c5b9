// What a dependency leads to: a package of the folder, or a version of an external.

import { expect, test } from "vitest";

import { codesOf, dependenciesOf, modelFromText, packageNamed } from "./model-from-text.ts";

const pkg = (name: string, dependencies = "", version = "1.0.0"): string =>
    `[package]\nname = "${name}"\nversion = "${version}"\nedition = "2021"\n` +
    `[dependencies]\n${dependencies}`;

test("paths, renames, library names, kinds, platforms, optional ones", () => {
    const model = modelFromText({
        "Cargo.toml": '[workspace]\nmembers = ["*"]\n',
        "a/Cargo.toml":
            pkg(
                "a",
                'b-one = { path = "../b" }\nnick-name = { path = "../b", package = "b-one" }\n',
            ) +
            'c = { path = "../c", optional = true }\nserde-json = "1"\n' +
            '[dev-dependencies]\nc = { path = "../c" }\n' +
            '[target.\'cfg(windows)\'.build-dependencies]\nwin = { version = "1", package = "w" }\n',
        "b/Cargo.toml": pkg("b-one"),
        "b/src/lib.rs": "",
        "c/Cargo.toml": `${pkg("c")}[lib]\nname = "see"\n`,
        "c/src/lib.rs": "",
    });
    expect(dependenciesOf(model, "a")).toEqual([
        "b_one -> /b",
        "nick_name -> /b",
        "see -> /c",
        "see -> /c",
        "serde_json -> serde-json@",
        "win -> w@",
    ]);
    const { dependencies, features } = packageNamed(model, "a");
    expect(dependencies.map((dep) => dep.kind)).toEqual([
        "normal",
        "normal",
        "dev",
        "normal",
        "normal",
        "build",
    ]);
    expect(dependencies[3]?.optional).toBe(true);
    expect(dependencies[5]?.target).toBe("cfg(windows)");
    expect(features).toEqual({ c: ["dep:c"] });
    expect(codesOf(model)).toEqual(["WORKSPACE_NO_LOCK"]);
});

test("inherited dependencies are relative to the workspace, and may be renames", () => {
    const model = modelFromText({
        "Cargo.toml":
            '[workspace]\nmembers = ["in/*"]\n[workspace.dependencies]\n' +
            'b = { path = "in/b" }\nalias = { path = "in/b", package = "b" }\n',
        "in/a/Cargo.toml": pkg("a", "b.workspace = true\nalias = { workspace = true }\n"),
        "in/b/Cargo.toml": pkg("b"),
        "in/c/Cargo.toml": pkg("c", "none.workspace = true\n"),
    });
    expect(dependenciesOf(model, "a")).toEqual(["alias -> /in/b", "b -> /in/b"]);
    expect(codesOf(model)).toContain("MANIFEST_INVALID");
});

test("a patch to a folder makes a registry dependency local, unless the lock says otherwise", () => {
    const files = {
        "Cargo.toml":
            '[workspace]\nmembers = ["a", "p"]\n[patch.crates-io]\np = { path = "p" }\n' +
            '[patch."https://example.org/g.git"]\ng = { path = "p", package = "p" }\n',
        "a/Cargo.toml": pkg(
            "a",
            'p = "0.3"\ng = { git = "https://example.org/g", package = "p" }\n' +
                'h = { git = "https://example.org/h", package = "p" }\n',
        ),
        "p/Cargo.toml": pkg("p", "", "0.3.1"),
    };
    expect(dependenciesOf(modelFromText(files), "a")).toEqual(["g -> /p", "h -> p@", "p -> /p"]);
    const registry = 'source = "registry+https://example.org"';
    const lock =
        '[[package]]\nname = "a"\nversion = "1.0.0"\ndependencies = ["p"]\n' +
        `[[package]]\nname = "p"\nversion = "0.2.9"\n${registry}\n`;
    const plain = { ...files, "a/Cargo.toml": pkg("a", 'p = "0.2"\n') };
    const locked = modelFromText({ ...plain, "Cargo.lock": lock });
    expect(dependenciesOf(locked, "a")).toEqual(["p -> p@0.2.9"]);
    expect(packageNamed(locked, "a").dependencies[0]?.source).toBe("registry+https://example.org");
});

test("the lock file gives versions, also where a name occurs twice", () => {
    const entry = (name: string, version: string, more = ""): string =>
        `[[package]]\nname = "${name}"\nversion = "${version}"\n${more}\n`;
    const from = 'source = "registry+r"';
    const lock =
        entry("a", "1.0.0", 'dependencies = ["one 1.1.0", "two"]') +
        entry("b", "1.0.0", 'dependencies = ["one 2.0.0", "two"]') +
        entry("c", "1.0.0", 'dependencies = ["one 1.1.0", "one 2.0.0"]') +
        [
            entry("one", "1.1.0", from),
            entry("one", "2.0.0", from),
            entry("two", "3.0.0", from),
        ].join("");
    const model = modelFromText({
        "Cargo.toml": '[workspace]\nmembers = ["*"]\n',
        "Cargo.lock": lock,
        "a/Cargo.toml": pkg("a", 'one = "1"\ntwo = "3"\n'),
        "b/Cargo.toml": pkg("b", 'one = "2"\ntwo = "3"\n'),
        "c/Cargo.toml": pkg("c", 'one = "1"\nuno = { version = "2", package = "one" }\n'),
    });
    expect(dependenciesOf(model, "a")).toEqual(["one -> one@1.1.0", "two -> two@3.0.0"]);
    expect(dependenciesOf(model, "b")).toEqual(["one -> one@2.0.0", "two -> two@3.0.0"]);
    // Which is which is not told by the lock: unknown, not guessed.
    expect(dependenciesOf(model, "c")).toEqual(["one -> one@", "uno -> one@"]);
    const broken = modelFromText({ "Cargo.toml": pkg("a", 'one = "1"\n'), "Cargo.lock": "[[" });
    expect(dependenciesOf(broken, "a")).toEqual(["one -> one@"]);
});

test("paths that leave the root are externals, named once; paths to nothing are named", () => {
    const model = modelFromText({
        "a/Cargo.toml": pkg("a", 'x = { path = "../../x" }\nno = { path = "../no" }\n'),
        "b/Cargo.toml": pkg("b", 'x = { path = "../../x" }\ny = { path = "/abs/y" }\n'),
    });
    expect(dependenciesOf(model, "a")).toEqual(["no -> no@", "x -> x@"]);
    const problems = model.problems.filter((each) => each.code.startsWith("DEPENDENCY"));
    expect(problems.map((each) => each.code)).toEqual([
        "DEPENDENCY_MISSING",
        "DEPENDENCY_OUTSIDE_ROOT",
    ]);
    expect(problems[1]?.message).toContain("externals: x, y;");
});

test("Cargo's own resolution is believed first", () => {
    const files = { "Cargo.toml": pkg("a", 'md-5 = "0.10"\n'), "src/lib.rs": "" };
    const metadata = {
        version: 1,
        workspace_root: "/w",
        packages: [
            {
                id: "A",
                name: "a",
                version: "1.0.0",
                edition: "2021",
                source: null,
                publish: [],
                manifest_path: "/w/Cargo.toml",
                features: {},
                targets: [
                    { kind: ["cdylib"], name: "a", src_path: "/w/src/lib.rs", edition: "2018" },
                    { kind: ["custom-build"], name: "build-script-b", src_path: "/out/b.rs" },
                ],
                dependencies: [{ name: "md-5", kind: null, target: null, source: "registry+r" }],
            },
            { id: "M", name: "md-5", version: "0.10.6", source: "registry+r" },
        ],
        resolve: {
            nodes: [
                {
                    id: "A",
                    deps: [{ name: "md5", pkg: "M", dep_kinds: [{ kind: null, target: null }] }],
                },
            ],
        },
    };
    const model = modelFromText(files, { "": metadata });
    expect(model.source).toBe("cargo-metadata");
    expect(dependenciesOf(model, "a")).toEqual(["md5 -> md-5@0.10.6"]);
    expect(packageNamed(model, "a")).toMatchObject({
        publishable: false,
        targets: [{ kind: "lib", edition: "2018", rootFile: "src/lib.rs" }],
    });
    expect(codesOf(model)).toEqual(["TARGET_OUTSIDE_ROOT"]);
    const other = modelFromText(files, { "": { version: 2, workspace_root: "/w" } });
    expect(other.source).toBe("manifests");
});
