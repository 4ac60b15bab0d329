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
  | 'TRIE_ROOT_MISSING'
  | 'TRIE_SHADOW'
  | 'TRIE_STATE_UNKNOWN'
  | 'TRIE_NOT_NEXT'
  | 'TRIE_STORE_DAMAGED'
  | 'TRIE_STORE_CLOSED'
  | 'TRIE_WORKER_DIED';

/** State tries and their rows. */
export class TrieError extends DomainError<TrieErrorCode> {}

/** The thread that keeps the tries ended (`TRIE_WORKER_DIED`); the next call starts another. */
export class TrieUnavailableError extends TrieError {
  override readonly retryable = true;
}
