/** Models around models. */
export {};
