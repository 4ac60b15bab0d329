import { TrieError } from '../errors/trie.js';
import { MAX_DEPTH } from './path.js';

/** What stands on a key's way: its own leaf, nothing, or another leaf. */
export type HintKind = 'value' | 'void' | 'nokey';

/** A hint as the bundle carries it, one byte: kind * 64 + depth, 0xff for none (FORMATS.md, "Tables"). */
export type Hint = number;

/** No hint. */
export const HINT_NONE: Hint = 0xff;

const KINDS: readonly HintKind[] = ['value', 'void', 'nokey'];

/** The byte of a hint; depth 0..62. */
export function hintOf(kind: HintKind, depth: number): Hint {
  return KINDS.indexOf(kind) * 64 + depth;
}

/** Kind and depth of a hint, `none` for 0xff. Throws {@link TrieError} `TRIE_BAD_HINT` for any other byte. */
export function parseHint(hint: Hint): { kind: HintKind; depth: number } | 'none' {
  if (hint === HINT_NONE) return 'none';
  const kind = KINDS[hint >> 6];
  const depth = hint & 63;
  if (!Number.isInteger(hint) || hint < 0 || kind === undefined || depth > MAX_DEPTH)
    throw badHint(hint, 'no such hint');
  return { kind, depth };
}

/** The depth of a hint that must be of one kind. */
export function depthOf(hint: Hint, wanted: HintKind, what: string): number {
  const parsed = parseHint(hint);
  if (parsed === 'none' || parsed.kind !== wanted) throw badHint(hint, `${what} needs a hint of kind ${wanted}`);
  return parsed.depth;
}

/** The error of every wrong hint; L1 reverts `BadHint`. */
export function badHint(hint: Hint, why: string): TrieError {
  return new TrieError('TRIE_BAD_HINT', `Trie hint ${hint}: ${why}.`, { details: { hint } });
}
