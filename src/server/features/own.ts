// Our own requests on a connection.

import { answerOwnRequest, engineRequestNames } from "../own-requests.ts";
import type { RequestParams } from "../client.ts";
import type { EngineRequestName } from "../own-requests.ts";
import type { Feature } from "./feature.ts";

/** Answers the requests of src/protocol. */
export const ownRequests: Feature = {
    capabilities: () => ({ experimental: { renameImpact: engineRequestNames() } }),
    register: (session) => {
        for (const method of engineRequestNames()) {
            session.onGreeted<RequestParams<EngineRequestName>>(method, (params, context) =>
                answerOwnRequest({ method, params }, session.host.engine, context),
            );
        }
    },
};
