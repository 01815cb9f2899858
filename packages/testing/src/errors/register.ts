/** Every code of this package, with the paragraph that `docs/errors.md` prints. */
export const errorCodes: { readonly [code: string]: string } = {
  ORCH_SCRIPT_ENDED:
    "A scripted model was called more often than its script is long. Add the replies that the run asks for, or find out why it asks so often; a function instead of a list has no end.",
};
