// The handlers of all node kinds, in one table.

import { SYNTAX_KINDS } from "../../syntax/index.ts";
import { ATTRIBUTE_HANDLERS } from "./walk-attributes.ts";
import { CALL_HANDLERS } from "./walk-calls.ts";
import { CONTROL_HANDLERS } from "./walk-control.ts";
import { EXPRESSION_HANDLERS } from "./walk-expressions.ts";
import { ITEM_HANDLERS } from "./walk-items.ts";
import { MACRO_HANDLERS } from "./walk-macros.ts";
import type { Handler } from "./walk.ts";

/** Handlers by node kind. */
export const HANDLERS: readonly (Handler | undefined)[] = buildHandlers();

function buildHandlers(): (Handler | undefined)[] {
    const handlers = new Array<Handler | undefined>(SYNTAX_KINDS.length).fill(undefined);
    for (const [kind, handler] of [
        ...EXPRESSION_HANDLERS,
        ...CALL_HANDLERS,
        ...CONTROL_HANDLERS,
        ...ITEM_HANDLERS,
        ...MACRO_HANDLERS,
        ...ATTRIBUTE_HANDLERS,
    ]) {
        handlers[kind] = handler;
    }
    return handlers;
}
