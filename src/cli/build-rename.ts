// The command `rename` from its options. Pure.

import {
    ACCEPTABLE_GRADES,
    RENAME_INTENTS,
    VALIDATION_ACCEPTABLE,
    type RenameIntent,
} from "../protocol/index.ts";
import type { RenameCommand } from "./command-line.ts";
import { UsageError } from "./usage-error.ts";

/** Options of a rename as they were parsed. */
export interface RenameValues {
    readonly accept?: readonly string[] | undefined;
    readonly apply?: string | boolean | undefined;
    readonly as?: string | boolean | undefined;
    readonly preview?: string | boolean | undefined;
    readonly thorough?: string | boolean | undefined;
    readonly validate?: string | boolean | undefined;
    readonly "with-uncommitted"?: string | boolean | undefined;
    readonly write?: string | boolean | undefined;
}

/** Makes the command. */
export function buildRename(symbol: string, newName: string, values: RenameValues): RenameCommand {
    const name = "rename";
    const { preview, apply, validate } = values;
    if ([preview, apply, validate].filter((value) => value === true).length > 1) {
        throw new UsageError("--preview, --apply or --validate, one of them", name);
    }
    const own = ["with-uncommitted", "write", "thorough"] as const;
    const surplus = own.find((option) => values[option] !== undefined);
    if (surplus !== undefined && validate !== true) {
        throw new UsageError(`--${surplus} goes with --validate`, name);
    }
    return {
        ...{ name, symbol, newName },
        apply: apply === true,
        accept: readAccept(values.accept, validate === true),
        as: readIntent(values.as),
        validation:
            validate === true
                ? {
                      withUncommitted: values["with-uncommitted"] === true,
                      write: values.write === true,
                      thorough: values.thorough === true,
                  }
                : undefined,
    };
}

function readAccept(
    values: readonly string[] | undefined,
    isValidated: boolean,
): readonly string[] {
    const kinds = [...new Set((values ?? []).flatMap((value) => value.split(",")))];
    const more = isValidated ? VALIDATION_ACCEPTABLE : [];
    const known: readonly string[] = [...ACCEPTABLE_GRADES, ...more];
    const unknown = kinds.find((kind) => !known.includes(kind));
    if (unknown !== undefined) {
        throw new UsageError(`--accept takes ${known.join(" or ")}, not ${unknown}`, "rename");
    }
    return kinds;
}

function readIntent(value: string | boolean | undefined): RenameIntent | undefined {
    const intent = RENAME_INTENTS.find((one) => one === value);
    if (value !== undefined && intent === undefined) {
        const known = RENAME_INTENTS.join(", ");
        throw new UsageError(`--as takes one of ${known}, not ${String(value)}`, "rename");
    }
    return intent;
}
