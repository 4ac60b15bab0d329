import { DeltaproofError } from './base.js';

/**
 * State tries and their rows: `TRIE_BAD_HINT`, `TRIE_BAD_STATEMENT`, `TRIE_BAD_NODE`, `TRIE_NODE_MISSING`,
 * `TRIE_KEYS_TOO_CLOSE`, `TRIE_WRONG_PRE`, `TRIE_UNLISTED_CHANGE`, `TRIE_ROOT_MISSING`.
 */
export class TrieError extends DeltaproofError {}
