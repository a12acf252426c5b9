// Which of two versions is newer.

import { expect, test } from "vitest";

import { packageVersion } from "../../../src/platform/index.ts";
import { PROTOCOL_VERSION } from "../../../src/protocol/index.ts";
import { compareVersions, isOlderThanThis } from "../../../src/server/other-version.ts";

test("versions are ordered as semantic versioning orders them", () => {
    const inOrder = [
        "0.1.0",
        "0.9.12",
        "0.10.0",
        "1.0.0-alpha",
        "1.0.0-alpha.1",
        "1.0.0-alpha.beta",
        "1.0.0-beta",
        "1.0.0-beta.2",
        "1.0.0-beta.11",
        "1.0.0-rc.1",
        "1.0.0",
        "1.0.1",
    ];
    for (const [a, one] of inOrder.entries()) {
        for (const [b, other] of inOrder.entries()) {
            expect(Math.sign(compareVersions(one, other)), `${one} ${other}`).toBe(
                Math.sign(a - b),
            );
        }
    }
    expect(compareVersions("1.2.3+one", "1.2.3+two")).toBe(0);
});

test("a daemon is older by its version, then by its protocol", () => {
    const serverVersion = packageVersion();
    const daemon = { serverVersion, protocolVersion: PROTOCOL_VERSION };
    expect(isOlderThanThis({ ...daemon, serverVersion: "0.0.1" })).toBe(true);
    expect(isOlderThanThis({ ...daemon, serverVersion: "99.0.0" })).toBe(false);
    expect(isOlderThanThis({ ...daemon, protocolVersion: PROTOCOL_VERSION - 1 })).toBe(true);
    expect(isOlderThanThis({ ...daemon, protocolVersion: PROTOCOL_VERSION + 1 })).toBe(false);
    expect(isOlderThanThis(undefined)).toBe(true);
});
