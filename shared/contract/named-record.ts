import * as z from 'zod';

/**
 * An object whose keys are names that somebody else chose: any string, `__proto__` among them, which zod's own record
 * leaves out without a word.
 *
 * @param valueSchema of every value
 */
export function namedRecord<T>(valueSchema: z.ZodType<T>): z.ZodType<Record<string, T>> {
  return z.unknown().transform((input, context): Record<string, T> => {
    if (input === null || typeof input !== 'object' || Array.isArray(input)) {
      context.issues.push({ code: 'invalid_type', expected: 'object', input });
      return z.NEVER;
    }
    const entries: [string, T][] = [];
    for (const [name, value] of Object.entries(input)) {
      const result = valueSchema.safeParse(value);
      if (result.success) entries.push([name, result.data]);
      else {
        for (const issue of result.error.issues)
          context.issues.push({ ...issue, path: [name, ...issue.path] } as z.core.$ZodRawIssue);
      }
    }
    // defines properties, where an assignment to __proto__ would not
    return Object.fromEntries(entries);
  });
}
