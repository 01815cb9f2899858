import type { Setup } from "../setup/compose.ts";
import type { Composed } from "../setup/workshop.ts";
import type { HeadlessRequest } from "./run-headless.ts";

/** What is said before a message is answered: warnings, what answers without a model, and the files that go along. */
export async function startNotices(
  request: HeadlessRequest,
  setup: Setup,
  { asksModel }: Pick<Composed, "asksModel">,
): Promise<string[]> {
  const notices = [...setup.notices];
  if (setup.modelHint !== undefined && asksModel)
    notices.push(
      `No model is configured, so ${request.choice.model} answers: it quotes your files and is not a language model. ${setup.modelHint}`,
    );
  if (request.input !== undefined) return notices;
  const files = await setup.attached(request.message, request.choice);
  return [...notices, ...files.map(({ says }) => says)];
}
