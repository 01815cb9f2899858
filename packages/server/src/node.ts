/** The door to Node: mounts a server on `node:http`. */
export { type ListeningServer, type ListenOptions, listen } from "./node/listen.ts";
export { type FetchServer, type NodeListener, nodeListener } from "./node/node-listener.ts";
