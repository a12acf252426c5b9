// The module that the helper for git runs (see HelperProcess and run-git.ts).

import { serveHelper } from "../platform/index.ts";
import { doGitJob } from "./run-git.ts";

serveHelper(doGitJob);
