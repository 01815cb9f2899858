/** Three Restate servers on the loopback that are one cluster: each record is kept by two of them, so one may be lost. Snapshots are left out: the server takes no folder for them (`Unsupported protocol: file`), only an object store. */
import { freePorts } from "./free-ports.ts";
import { RestateServer } from "./restate-server.ts";

const NODES = ["n1", "n2", "n3"];

/** Starts the cluster; resolves when each node takes requests. The caller stops every node. `partitions` as for one server. */
export async function startCluster({
  partitions = 4,
}: {
  readonly partitions?: number;
} = {}): Promise<readonly RestateServer[]> {
  const ports = await freePorts(NODES.length * 3);
  const places = NODES.map((name, index) => ({ name, ports: ports.slice(index * 3, index * 3 + 3) }));
  const addresses = places.map(({ ports }) => `http://127.0.0.1:${ports[2]}/`);
  const starts = places.map(({ name, ports }, index) =>
    RestateServer.start({
      ...{ name, ports, partitions },
      settings: `cluster-name = "orch"
default-replication = 2
auto-provision = ${index === 0}
advertised-address = "${addresses[index]}"`,
      tables: `[metadata-client]
type = "replicated"
addresses = ${JSON.stringify(addresses)}
[bifrost]
default-provider = "replicated"
`,
    }),
  );
  const started = await Promise.allSettled(starts);
  const nodes = started.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  const failed = started.find((one) => one.status === "rejected");
  if (failed === undefined) return nodes;
  await Promise.all(nodes.map((node) => node.stop()));
  throw failed.reason;
}
