/** The orchestrations of a folder as chats of a server. */
import type { RuntimeConfiguration } from "@orch/chat-runtime";
import type { ChatOffer } from "@orch/server";
import { descriptions, type Setup } from "../setup/compose.ts";

/** What is public: those that the configuration names, or all. With `watch`, files that changed are read again. */
export function servedChats(setup: Setup, watch: boolean): { readonly [name: string]: ChatOffer } {
  const { serve, orchestrations = {} } = setup.config.config;
  const names = serve?.orchestrations ?? Object.fromEntries(setup.orchestrations.map((name) => [name, name]));
  return Object.fromEntries(
    Object.entries(names).map(([shown, name]) => {
      const description = orchestrations[name]?.description ?? descriptions[name];
      const offer: ChatOffer = {
        configuration: composed(setup, name, watch),
        ...(description !== undefined && { description }),
      };
      return [shown, offer];
    }),
  );
}

/** Makes what answers at the first message, and again when its files changed. */
function composed(setup: Setup, orchestration: string, watch: boolean): () => Promise<RuntimeConfiguration> {
  let made: Promise<RuntimeConfiguration> | undefined;
  const make = async (): Promise<RuntimeConfiguration> =>
    (await setup.compose({ ...setup.choice, orchestration })).configuration;
  return async () => {
    if (watch && made !== undefined && (await setup.changed(orchestration)) !== undefined) made = undefined;
    made ??= make();
    try {
      return await made;
    } catch (error) {
      made = undefined;
      throw error;
    }
  };
}
