// `npm run bench`: runs bench/run.ts; see there, or pass --help.

import { runBench } from "./bench-steps.mjs";

await runBench("run");
