// Which files of a folder say what Cargo workspaces are in it.

/** Marks a package that `cargo vendor` copied from a registry. */
const VENDOR_MARK = ".cargo-checksum.json";

/** Whether a path is a manifest's. */
export function isManifest(path: string): boolean {
    return path === "Cargo.toml" || path.endsWith("/Cargo.toml");
}

/** Whether a path marks its folder as vendored. */
export function isVendorMark(path: string): boolean {
    return path.endsWith(VENDOR_MARK);
}

/** Whether a file is one of those that the model is built from: sources, manifests, marks of vendored packages. */
export function isModelFile(path: string): boolean {
    return path.endsWith(".rs") || isManifest(path) || isVendorMark(path);
}
