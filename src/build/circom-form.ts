/** Columns of a line at most. */
const WIDTH = 160;

/** Spaces of one level. */
const INDENT = 4;

/** What is wrong with the form of a Circom file, as `line: what`. */
export function complaintsOf(text: string): string[] {
  const lines = text.split('\n');
  const ends = lines.at(-1) === '' && lines.at(-2) !== '' ? [] : [`${lines.length}: the file ends in one line break`];
  return lines.flatMap((line, i) => wrongs(line).map((what) => `${i + 1}: ${what}`)).concat(ends);
}

function wrongs(line: string): string[] {
  const spaces = line.length - line.trimStart().length;
  const checks: readonly (readonly [boolean, string])[] = [
    [line.length > WIDTH, `${line.length} columns, not ${WIDTH} at most`],
    [/\s$/.test(line), 'space at the end'],
    [line.includes('\t'), 'a tab'],
    [spaces % INDENT !== 0, `${spaces} spaces before it, no multiple of ${INDENT}`],
  ];
  return checks.filter(([wrong]) => wrong).map(([, what]) => what);
}
