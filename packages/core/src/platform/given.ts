/**
 * The fields without those that are `undefined`, so that an omitted option is not
 * there at all, neither as a key nor in JSON.
 */
export function given<TFields extends object>(
  fields: TFields,
): { [TKey in keyof TFields]?: Exclude<TFields[TKey], undefined> } {
  const entries = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [TKey in keyof TFields]?: Exclude<TFields[TKey], undefined> };
}
