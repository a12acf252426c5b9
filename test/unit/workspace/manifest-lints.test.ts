// Levels of lints by manifests, in the order in which Cargo passes them.

import { expect, test } from "vitest";

import { modelFromText, packageNamed } from "./model-from-text.ts";

function lintsOf(files: Readonly<Record<string, string>>, name: string): string | undefined {
    const { lints } = packageNamed(modelFromText(files), name);
    return lints?.map((one) => `${one.name}=${one.level}`).join(" ");
}

const ONE = '[package]\nname = "one"\nversion = "1.0.0"\nedition = "2021"\n';

test("of lints with one priority those with later names come first", () => {
    const manifest = `${ONE}[lints.rust]
unused = "deny"
warnings = "warn"
dead-code = { level = "allow" }
nonstandard_style = { level = "deny", priority = -1 }
bad_style = { level = "allow", priority = 2 }
[lints.clippy]
all = "deny"
`;
    expect(lintsOf({ "Cargo.toml": manifest, "src/lib.rs": "" }, "one")).toBe(
        "nonstandard_style=deny warnings=warn unused=deny dead_code=allow bad_style=allow",
    );
});

test("a package says nothing, or what its Cargo workspace says", () => {
    const files = {
        "Cargo.toml": '[workspace]\nmembers = ["*"]\n[workspace.lints.rust]\nunused = "forbid"\n',
        "one/Cargo.toml": `${ONE}[lints]\nworkspace = true\n`,
        "one/src/lib.rs": "",
        "two/Cargo.toml": ONE.replace("one", "two"),
        "two/src/lib.rs": "",
    };
    expect(lintsOf(files, "one")).toBe("unused=forbid");
    expect(lintsOf(files, "two")).toBeUndefined();
});

test("what is no level is no reason to leave a package out", () => {
    const files = { "Cargo.toml": `${ONE}[lints.rust]\nunused = 3\n`, "src/lib.rs": "" };
    expect(lintsOf(files, "one")).toBe("unused=");
});

test("flags of the configuration come after the manifest's levels", () => {
    const config = `[build]
rustflags = ["-D", "warnings", "-Funsafe-code", "--allow=dead_code", "-Copt-level=3", "--warn", "unused"]
[target.x86_64-unknown-linux-gnu]
rustflags = "-C link-arg=-fuse-ld=lld -A unused_variables"
`;
    const files = {
        "Cargo.toml": `${ONE}[lints.rust]\nunused = "forbid"\n`,
        ".cargo/config.toml": config,
        "src/lib.rs": "",
    };
    expect(lintsOf(files, "one")).toBe(
        "unused=forbid warnings=deny unsafe_code=forbid dead_code=allow unused=warn unused_variables=allow",
    );
    expect(lintsOf({ ...files, ".cargo/config.toml": "rustflags = [" }, "one")).toBe(
        "unused=forbid",
    );
});
