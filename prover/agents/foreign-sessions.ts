import { decodeFunctionData, type Hex, isAddressEqual, type PublicClient } from 'viem';
import { ProofVerifier } from '../../contracts/generated/artifacts.js';
import { batchHash } from '../../src/batch/header.js';
import type { Header } from '../../src/batch/types.js';
import { inParallel } from '../../src/l1/in-parallel.js';
import { LogRanges } from '../../src/l1/log-ranges.js';
import type { Upload } from '../../src/l1/upload.js';
import type { VerifierClient } from '../../src/l1/verifier-client.js';

/** Requests for transactions at the same time. */
const WIDTH = 8;

/** How far L1 was read for one statement, and whether somebody else's session on it was found there. */
interface Search {
  from: bigint;
  found: boolean;
}

/** What a session is about, as calldata has it. */
interface About {
  readonly header: Header;
  readonly preRoot: bigint;
  readonly mode: number;
}

/**
 * Sees who else brings a proof of the same statement to L1 in parts. Of two only the first that has all parts there is paid, so who was
 * caught can make an honest prover's upload worthless by being done just before it.
 */
export class ForeignSessions {
  readonly #reader: PublicClient;
  readonly #verifier: Pick<VerifierClient, 'begun'>;
  readonly #ranges = new LogRanges();
  readonly #searches = new Map<Hex, Search>();

  constructor(reader: PublicClient, verifier: Pick<VerifierClient, 'begun'>) {
    this.#reader = reader;
    this.#verifier = verifier;
  }

  /** Whether one was begun up to L1 block `toBlock`. None is older than the block that the batch names. */
  async isThere(upload: Upload, toBlock: bigint): Promise<boolean> {
    const { seed, bundle, statement } = upload;
    const search = this.#searches.get(seed) ?? { from: bundle.header.originNumber, found: false };
    this.#searches.set(seed, search);
    if (search.found || search.from > toBlock) return search.found;
    const about = { header: bundle.header, preRoot: statement.preRoot, mode: statement.mode };
    for await (const begun of this.#ranges.read({ fromBlock: search.from, toBlock }, this.#verifier.begun)) {
      const others = begun.filter((one) => one.seed !== seed);
      // Who had to prove once more does not wait for itself.
      search.found ||= await this.#hasOne(
        others,
        (from, input) => !isAddressEqual(from, bundle.beneficiary) && (isAbout(input, about) ?? true),
      );
    }
    search.from = toBlock + 1n;
    return search.found;
  }

  /** Whether `account` itself has begun one up to L1 block `toBlock`, as a process before this one may have. */
  async isOwn(about: About, account: Hex, toBlock: bigint): Promise<boolean> {
    const range = { fromBlock: about.header.originNumber, toBlock };
    for await (const begun of this.#ranges.read(range, this.#verifier.begun)) {
      const isOne = (from: Hex, input: Hex) => isAddressEqual(from, account) && isAbout(input, about) === true;
      if (await this.#hasOne(begun, isOne)) return true;
    }
    return false;
  }

  /** Whether one of the sessions was begun by such a transaction. */
  async #hasOne(begun: readonly { readonly transaction: Hex }[], isOne: (from: Hex, input: Hex) => boolean) {
    const found = await inParallel(begun, WIDTH, async ({ transaction }) => {
      const { from, input } = await this.#reader.getTransaction({ hash: transaction });
      return isOne(from, input);
    });
    return found.includes(true);
  }
}

/** Whether calldata begins a session on a statement; undefined when it does not say so, as of who calls the verifier through a contract. */
function isAbout(input: Hex, { header, preRoot, mode }: About): boolean | undefined {
  try {
    const { functionName, args } = decodeFunctionData({ abi: ProofVerifier.abi, data: input });
    if (functionName !== 'begin') return undefined;
    const [statement] = args;
    return (
      batchHash(statement.header) === batchHash(header) && statement.preRoot === preRoot && statement.mode === mode
    );
  } catch {
    return undefined;
  }
}
