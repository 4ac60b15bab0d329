import { createHash } from 'node:crypto';

/** What crosses processes and journals: JSON, bigints as decimal strings, bytes as hex or as artifacts. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/**
 * The one JSON text of a value: keys sorted, no spaces. Equal values have equal texts.
 * @throws TypeError for what JSON would drop or change silently (undefined, functions, bigints, NaN, class instances, cycles).
 */
export function canonicalJson(value: unknown): string {
  return write(value, '$', new Set());
}

function write(value: unknown, path: string, above: Set<object>): string {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return JSON.stringify(value);
  if (typeof value === 'number' && Number.isFinite(value)) return JSON.stringify(value);
  if (typeof value !== 'object') throw new TypeError(`${path} is no JSON value (${String(value)}).`);
  if (above.has(value)) throw new TypeError(`${path} contains itself.`);
  above.add(value);
  const text = Array.isArray(value)
    ? `[${Array.from(value, (item, i) => write(item, `${path}[${i}]`, above)).join(',')}]`
    : writeObject(value, path, above);
  above.delete(value);
  return text;
}

function writeObject(value: object, path: string, above: Set<object>): string {
  const prototype: unknown = Object.getPrototypeOf(value);
  // A Map, Date or Buffer would become something else on the other side.
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) {
    throw new TypeError(`${path} is no plain object (${value.constructor.name}).`);
  }
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${write(item, `${path}.${key}`, above)}`).join(',')}}`;
}

/** sha256 of the canonical text, lower-case hex. */
export function contentHash(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex');
}
