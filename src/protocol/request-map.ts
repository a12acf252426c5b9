// Every own request in one map: parameters and result by name.

import type { PlainRequestMap } from "./requests.ts";
import type { ValidateRequestMap } from "./validate-requests.ts";

/** Parameters and result of each own request. */
export interface RequestMap extends PlainRequestMap, ValidateRequestMap {}
