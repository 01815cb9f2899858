/** Models of the AI SDK, of any of its provider packages. */
export {};
