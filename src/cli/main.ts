#!/usr/bin/env node
// The `ferrograph` command: loads the program, with what V8 made of it in an earlier process where that is at hand.

import { loadProgram } from "./stored-code.ts";

const { runMain, keepCode } = await loadProgram(import.meta.url);
await runMain(process.argv.slice(2), { main: import.meta.url, keepCode });
