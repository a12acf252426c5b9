// Which package a file lies in: the one whose folder is the nearest around it.

import type { WorkspaceModel } from "./model.ts";

/** Number of the package in whose folder a file lies; undefined for none. */
export function packageOfFile({ packages }: WorkspaceModel, path: string): number | undefined {
    let nearest: number | undefined;
    packages.forEach(({ folder }, number) => {
        const isInside = folder === "" || path.startsWith(`${folder}/`);
        const known = nearest === undefined ? undefined : packages[nearest];
        if (isInside && (known === undefined || folder.length > known.folder.length)) {
            nearest = number;
        }
    });
    return nearest;
}
