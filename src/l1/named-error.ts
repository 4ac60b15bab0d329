import { BaseError, HttpRequestError, TimeoutError } from 'viem';
import { L1Error } from '../errors/l1.js';
import { contractError } from './send-call.js';

/**
 * What viem throws with a name of ours: L1 is away (`L1_UNREACHABLE`), a contract refuses (`L1_REVERTED`, with its error), or L1 itself does
 * (`L1_REFUSED`: no money, a limit of the node, ...). Other errors stay as they are.
 * @param url of L1, without a password, for people
 */
export function namedL1Error(url: string, error: unknown): unknown {
  if (!(error instanceof BaseError)) return error;
  const away = error.walk((cause) => cause instanceof HttpRequestError || cause instanceof TimeoutError);
  if (away !== null) {
    const why = (away as BaseError).details || 'no answer';
    const hint = 'Is it running, and is this its JSON-RPC address?';
    return new L1Error('L1_UNREACHABLE', `No L1 answers at ${url}: ${why}.`, { hint, cause: error });
  }
  const found = contractError(error);
  if (found !== undefined) {
    return new L1Error('L1_REVERTED', `The contract refuses: ${found.name}(${found.args.map(String).join(', ')}).`, {
      details: { error: found.name },
      cause: error,
    });
  }
  const words = `${url} refuses: ${error.shortMessage} ${error.details ?? ''}`.trim();
  return new L1Error('L1_REFUSED', words, { cause: error });
}
