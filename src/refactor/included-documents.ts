// Documents that are documentation: `#![doc = include_str!("../README.md")]` makes tests of the examples in them.
// Source: https://doc.rust-lang.org/rustdoc/write-documentation/documentation-tests.html#include-items-only-when-collecting-doctests.

import { repoPath } from "../base/index.ts";
import { folderOf, packageOfFile, resolveFrom, type WorkspaceModel } from "../workspace/index.ts";

/** The path in `doc = include_str!(…)`, relative to the file, or to the package's folder. */
const INCLUDED =
    /\bdoc\s*=\s*include_str!\s*\(\s*(?:concat!\s*\(\s*env!\s*\(\s*"CARGO_MANIFEST_DIR"\s*\)\s*,\s*"\/([^"\\]+)"\s*,?\s*\)|"([^"\\]+)")\s*,?\s*\)/gu;

/** Documents that a file includes as documentation, by their paths in the workspace. */
export function includedDocuments(model: WorkspaceModel, path: string, text: string): string[] {
    if (!text.includes("include_str!")) {
        return [];
    }
    const home = packageOfFile(model, path);
    const folder = (home === undefined ? undefined : model.packages[home]?.folder) ?? repoPath("");
    return [...text.matchAll(INCLUDED)].flatMap(([, ofPackage, ofFile]) =>
        ofPackage === undefined
            ? (resolveFrom(folderOf(repoPath(path)), ofFile ?? "") ?? [])
            : (resolveFrom(folder, ofPackage) ?? []),
    );
}
