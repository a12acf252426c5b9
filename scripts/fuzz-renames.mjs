// `npm run fuzz:renames`: runs bench/fuzz-renames.ts; see there, or pass --help.

import { runBench } from "./bench-steps.mjs";

await runBench("fuzz-renames");
