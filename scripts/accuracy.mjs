// `npm run accuracy`: runs bench/accuracy.ts; see there, or pass --help.

import { runBench } from "./bench-steps.mjs";

await runBench("accuracy");
