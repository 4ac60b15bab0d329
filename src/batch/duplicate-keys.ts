const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"(\s*:)?|[{}]/g;

/**
 * The first key that stands twice in one object of valid JSON text, with the keys above it, joined by dots; undefined when
 * none does. `JSON.parse` would silently keep the last of them.
 */
export function duplicateKey(text: string): string | undefined {
  const objects: { readonly keys: Set<string>; key: string }[] = [];
  for (const [token, colon] of text.matchAll(TOKEN)) {
    if (token === '{') objects.push({ keys: new Set(), key: '' });
    else if (token === '}') objects.pop();
    else if (colon !== undefined) {
      const object = objects.at(-1)!;
      object.key = JSON.parse(token.slice(0, -colon.length)) as string;
      if (object.keys.has(object.key)) return objects.map(({ key }) => key).join('.');
      object.keys.add(object.key);
    }
  }
  return undefined;
}
