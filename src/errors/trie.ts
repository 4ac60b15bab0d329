import { DomainError } from './base.js';

/** Codes of {@link TrieError}. */
export type TrieErrorCode =
  | 'TRIE_BAD_HINT'
  | 'TRIE_BAD_STATEMENT'
  | 'TRIE_BAD_NODE'
  | 'TRIE_NODE_MISSING'
  | 'TRIE_KEYS_TOO_CLOSE'
  | 'TRIE_WRONG_PRE'
  | 'TRIE_UNLISTED_CHANGE'
  | 'TRIE_ROOT_MISSING';

/** State tries and their rows. */
export class TrieError extends DomainError<TrieErrorCode> {}
