import { BaseError, HttpRequestError, TimeoutError } from 'viem';

/**
 * What a node's answer to `eth_sendRawTransaction` means: it has the transaction already; its nonce is used up; another one with its
 * nonce would have to be replaced by a dearer one; nobody knows, because no answer came; or it is none that a node takes.
 */
export type Answer = 'known' | 'nonceTooLow' | 'underpriced' | 'noAnswer' | 'refused';

/** The words of geth, erigon, nethermind, besu, reth and anvil, which have no codes for it. */
const WORDS: readonly (readonly [RegExp, Answer])[] = [
  [/already known|already imported|known transaction|alreadyknown|already exists|AlreadyInPool/i, 'known'],
  [/nonce (is )?too low|old ?nonce|nonce has already been used|NONCE_TOO_LOW/i, 'nonceTooLow'],
  [
    /underpriced|replacement fee|fee too low to replace|FeeTooLow|gas price too low|max fee per gas less than block base fee/i,
    'underpriced',
  ],
];

/** @param error what `eth_sendRawTransaction` ended with */
export function answerOf(error: unknown): Answer {
  if (!(error instanceof BaseError)) return 'refused';
  const said = texts(error).join(' ');
  const found = WORDS.find(([words]) => words.test(said));
  if (found !== undefined) return found[1];
  const lost = error.walk((cause) => cause instanceof HttpRequestError || cause instanceof TimeoutError);
  return lost === null ? 'refused' : 'noAnswer';
}

function texts(error: BaseError): string[] {
  const found: string[] = [];
  error.walk((cause) => {
    if (cause instanceof Error) found.push(cause.message);
    return false;
  });
  return found;
}
