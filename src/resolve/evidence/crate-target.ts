// Which target of which package a crate's symbol stands for.

import { parseCanonicalPath } from "../../graph/index.ts";
import type { ResolutionSource } from "../resolution-source.ts";

/** A target, as compilations are told apart by. */
export interface CrateTarget {
    /** Relative to the workspace root, empty for the root itself. */
    readonly packageFolder: string;
    readonly packageName: string;
    readonly targetKind: string;
    readonly targetName: string;
}

/** Reads the target off a crate symbol's canonical path. */
export function targetOfCrate(
    source: Pick<ResolutionSource, "symbol">,
    crate: number,
): CrateTarget {
    const { origin } = parseCanonicalPath(source.symbol(crate).path);
    return origin.kind === "external"
        ? { packageFolder: "", packageName: "", targetKind: "", targetName: "" }
        : {
              packageFolder: origin.folder === "." ? "" : origin.folder,
              packageName: origin.package,
              targetKind: origin.targetKind,
              targetName: origin.targetName,
          };
}

/** A text that is equal for equal targets. */
export function targetKey(target: CrateTarget): string {
    const { packageFolder, packageName, targetKind, targetName } = target;
    return [packageFolder, packageName, targetKind, targetName].join("\n");
}
