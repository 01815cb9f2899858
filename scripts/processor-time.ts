/** Processor time of this process in milliseconds: other work on the machine does not count. For tests of cost. */
export function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
