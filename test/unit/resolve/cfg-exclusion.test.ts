import { expect, test } from "vitest";

import { areExclusive } from "../../../src/resolve/cfg-exclusion.ts";

test.each([
    ["unix", "not(unix)"],
    ["unix", "windows"],
    ['feature="a"', 'all(not(feature="a"),test)'],
    ['target_os="linux"', 'target_os="macos"'],
    ['any(target_os="linux",target_os="macos")', 'all(target_os="windows",test)'],
    ['target_pointer_width="32"', 'target_pointer_width="64"'],
    ["all(any(a,b),c)", "not(any(a,b))"],
    ["all()", "any()"],
    ["false", "test"],
    ['all(windows,feature="x")', 'target_os="linux"'],
])("%s never holds with %s", (one, other) => {
    expect(areExclusive(one, other)).toBe(true);
    expect(areExclusive(other, one)).toBe(true);
});

test.each([
    ["", "unix"],
    ["", ""],
    ["unix", "unix"],
    ["unix", 'feature="a"'],
    ['feature="a"', 'feature="b"'],
    ['target_feature="sse2"', 'target_feature="avx2"'],
    ['target_family="unix"', 'target_family="wasm"'],
    ["any(unix,windows)", "windows"],
    ["unix", 'target_os="linux"'],
    ["true", "test"],
    // Not read: nothing is said of it.
    ["unix)", "not(unix)"],
    ["not(unix,windows)", "all(unix,windows)"],
    ['feature="a', 'not(feature="a")'],
    // More options than are tried.
    [`all(${"abcdefghijklm".replace(/.(?!$)/gu, "$&,")})`, "not(a)"],
])("%s may hold with %s", (one, other) => {
    expect(areExclusive(one, other)).toBe(false);
    expect(areExclusive(other, one)).toBe(false);
});
