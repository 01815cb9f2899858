import { served } from "../../../lib/served.ts";

export const dynamic = "force-dynamic";

const handle = (request: Request): Promise<Response> => served().fetch(request);

export { handle as GET, handle as POST };
