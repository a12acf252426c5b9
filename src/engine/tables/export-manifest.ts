// What lies beside exported tables: which state they are of, and which tables there are.

import type { ExportedTableDto } from "../../protocol/index.ts";

/** Name of the manifest. */
export const MANIFEST = "manifest.json";

/** What the manifest says. */
export interface ExportManifest {
    readonly tablesVersion: number;
    readonly graphRoot: string;
    readonly stateRoot: string;
    readonly deltaCount: number;
    /** The checkpoint of the store beside which it was made; absent for exports that were asked for. */
    readonly checkpoint?: string;
    readonly tables: readonly ExportedTableDto[];
}
