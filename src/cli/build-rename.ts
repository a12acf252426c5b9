// The command `rename` from its options. Pure.

import { VALIDATION_ACCEPTABLE } from "../protocol/index.ts";
import type { RenameCommand } from "./command-line.ts";
import { readAccept, readIntent, UsageError, type OptionValues } from "./command-options.ts";

/** Makes the command. */
export function buildRename(
    [symbol = "", newName = ""]: readonly string[],
    values: OptionValues,
): RenameCommand {
    const name = "rename";
    const { preview, apply, validate } = values;
    if ([preview, apply, validate].filter((value) => value === true).length > 1) {
        throw new UsageError("--preview, --apply or --validate, one of them", name);
    }
    const own = ["with-uncommitted", "bring", "write", "thorough", "fresh"] as const;
    const surplus = own.find((option) => values[option] !== undefined);
    if (surplus !== undefined && validate !== true) {
        throw new UsageError(`--${surplus} goes with --validate`, name);
    }
    if (values.ask === true && validate === true) {
        throw new UsageError("--ask goes with --preview and --apply", name);
    }
    return {
        ...{ name, symbol, newName },
        apply: apply === true,
        accept: readAccept(values.accept, name, validate === true ? VALIDATION_ACCEPTABLE : []),
        as: readIntent(values.as),
        text: values.text === true,
        ask: values.ask === true,
        validation:
            validate === true
                ? {
                      withUncommitted: values["with-uncommitted"] === true,
                      bring: values.bring ?? [],
                      write: values.write === true,
                      thorough: values.thorough === true,
                      fresh: values.fresh === true,
                  }
                : undefined,
    };
}
