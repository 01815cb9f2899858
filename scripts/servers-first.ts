import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Files whose tests wait for a server for minutes. */
const slow = /\/packages\/restate\/test\//;

/**
 * Begins with the files that wait longest, so that the others run beside them. Without times of an earlier run, as in a fresh
 * clone, Vitest begins with the largest files, and these are small.
 */
export default class ServersFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return [
      ...sorted.filter(({ moduleId }) => slow.test(moduleId)),
      ...sorted.filter(({ moduleId }) => !slow.test(moduleId)),
    ];
  }
}
