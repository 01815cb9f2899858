/** A model whose code is loaded with its first call, so that a program pays only for the provider it uses. */
import type { Origin } from "../words/message.ts";
import type { Model, ModelCaps } from "../words/model.ts";

/** Makes a model of what `load` gives, once. `id` and `caps` are known before; a failed load is tried again by the next call. */
export function lazyModel(id: Origin, caps: ModelCaps, load: () => Promise<Model>): Model {
  let loading: Promise<Model> | undefined;
  return {
    id,
    caps,
    stream: async function* (request) {
      loading ??= load();
      let model: Model;
      try {
        model = await loading;
      } catch (error) {
        loading = undefined;
        throw error;
      }
      yield* model.stream(request);
    },
  };
}
