const GAP = '  ';
let graphemes: Intl.Segmenter | undefined;
const figure = /^[-+]?(\d[\d.,]*(e[-+]?\d+)?%?|inf|nan)$|^-$|^NULL$|^$/;

/**
 * Lay out text in aligned columns under a head, for people. Columns of figures stand to the right. Control characters
 * are shown as escapes: a value must not move the cursor.
 *
 * @returns lines without a newline at the end
 */
export function formatTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = rows.map((row) => row.map(printable));
  const titles = head.map(printable);
  const isRight = titles.map((_, i) => cells.length > 0 && cells.every((row) => figure.test(row[i])));
  const widths = titles.map((title, i) => cells.reduce((most, row) => Math.max(most, widthOf(row[i])), widthOf(title)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, i) => {
        const padding = ' '.repeat(widths[i] - widthOf(cell));
        return isRight[i] ? padding + cell : cell + padding;
      })
      .join(GAP)
      .trimEnd();
  return [line(titles), widths.map((width) => '-'.repeat(width)).join(GAP), ...cells.map(line)].join('\n');
}

/** Columns that a terminal gives the text. */
function widthOf(text: string): number {
  return /^[\x20-\x7e]*$/.test(text) ? text.length : widthOfGraphemes(text);
}

/** Few tables have any, and the segmenter alone takes longer to make than most commands to start. */
function widthOfGraphemes(text: string): number {
  const wide =
    /\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]/u;
  graphemes ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  let width = 0;
  for (const { segment } of graphemes.segment(text)) width += wide.test(segment) ? 2 : 1;
  return width;
}

const SHORT_ESCAPES: Record<string, string> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function printable(text: string): string {
  return text.replace(
    /\p{Cc}|[\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu,
    (character) => SHORT_ESCAPES[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
