import { type Address, BaseError, type Hex, type TransactionReceipt } from 'viem';
import { ProofVerifier } from '../../contracts/generated/artifacts.js';
import { batchHash } from '../../src/batch/header.js';
import { RULES_V2 } from '../../src/batch/rules.js';
import { privateKeyOf, signTransaction } from '../../src/batch/sign.js';
import type { Rules } from '../../src/batch/types.js';
import { L1Error } from '../../src/errors/l1.js';
import { bundleCalldata, statementCalldata } from '../../src/l1/bundle-calldata.js';
import { rulesCalldata } from '../../src/l1/deploy-verifier.js';
import { contractError, type L1Call, sendCall } from '../../src/l1/send-call.js';
import { createVerifierClient, type VerifierClient, verifierCalls } from '../../src/l1/verifier-client.js';
import type { Bundle, Mode } from '../../src/proof/types.js';
import { transcriptOf } from '../../src/proof/verify.js';
import type { SeededRandom } from '../../src/samples/random.js';
import { anyParts, contentOf } from './bundles.js';
import { withCode } from './code-samples.js';
import { randomBundle } from './native-samples.js';
import { forgeBundle, type OpenKeys, openKeys } from './open-keys.js';
import { startTestL1, type TestL1 } from './test-l1.js';
import { plainFields } from './transactions.js';

/** What a bundle of {@link UploadWorld} is made of. */
export interface Made {
  readonly random: SeededRandom;
  readonly mode?: Mode;
  /** Shapes of the proofs. */
  readonly shapes?: readonly number[];
  /** How many each part with proofs has. */
  readonly counts?: readonly number[];
  readonly beneficiary?: Address;
  /** Accounts of any kind (the default), or only such that are there before and after. */
  readonly accounts?: 'any' | 'present';
  /** What the bus is left with. */
  readonly off?: bigint;
  /** Changes the bundle before it is proven. */
  readonly change?: (bundle: Bundle) => Bundle;
  /** What it states in place of the truth. */
  readonly lie?: (bundle: Bundle) => Bundle;
}

/** A ProofVerifier with open keys on an L1 that caps a transaction's gas, and bundles for it. */
export class UploadWorld {
  private constructor(
    readonly l1: TestL1,
    readonly keys: OpenKeys,
    readonly verifier: Address,
    readonly client: VerifierClient,
  ) {}

  static async start(rules: Rules = RULES_V2): Promise<UploadWorld> {
    const [l1, keys] = await Promise.all([startTestL1(), openKeys(3, rules)]);
    const verifier = await l1.deploy(ProofVerifier, [keys.blob, rulesCalldata(rules), true]);
    return new UploadWorld(l1, keys, verifier, createVerifierClient(l1.reader, verifier));
  }

  /** A bundle that verifies: five transactions, one cut off, some accounts with slots, codes and hashes, in many parts. */
  async bundle({ random, mode = 'diff', shapes = [0, 0, 1, 2], counts = [1, 3], ...made }: Made): Promise<Bundle> {
    const { change = (bundle) => bundle, beneficiary = random.hex(20), off, accounts } = made;
    const key = privateKeyOf('upload', 0);
    const data = (i: number) => ({ nonce: BigInt(i), gasLimit: 90_000n, data: random.hex(40 * i + 1) });
    const txs = await Promise.all([0, 1, 2, 3, 4].map((i) => signTransaction(plainFields(data(i)), key)));
    const plain = randomBundle(random, mode, txs, 1, 4, accounts);
    const bundle = change({
      ...withCode(random, plain, { slots: 5, codes: 3, keccaks: 4 }),
      ...{ verifier: this.verifier, beneficiary },
    });
    const parts = made.change === undefined ? anyParts(random, contentOf(bundle)) : bundle.parts;
    const stated = made.lie?.(bundle) ?? bundle;
    return forgeBundle(this.keys, stated, { parts, proofs: counts }, shapes, off, bundle);
  }

  /** The link to each part, and behind the last. */
  dues(bundle: Bundle): readonly Hex[] {
    return transcriptOf(bundle, batchHash(bundle.header)).dues;
  }

  seed(bundle: Bundle): Hex {
    return transcriptOf(bundle, batchHash(bundle.header)).seed;
  }

  /** `begin` with the parts before `to`. */
  begin(bundle: Bundle, to = 1): L1Call {
    const { statement, parts } = bundleCalldata(bundle);
    return verifierCalls(this.verifier).begin({ statement, parts: parts.slice(0, to) }, this.dues(bundle)[to]);
  }

  /** `feed` with the parts [from, to); `parts` and `rest`: in their place. */
  feed(
    bundle: Bundle,
    from: number,
    to = from + 1,
    parts = bundle.parts.slice(from, to),
    rest = this.dues(bundle)[to],
  ) {
    return verifierCalls(this.verifier).feed(this.seed(bundle), parts, rest);
  }

  /** Sends a call; `from` 0 is the deployer. */
  send(call: L1Call, wallet = this.l1.wallet): Promise<TransactionReceipt> {
    return sendCall(wallet, this.l1.reader, call);
  }

  /** How a call would end: `accepted`, or the contract's error by name. */
  async outcome(call: L1Call): Promise<string> {
    try {
      await this.l1.reader.call({ ...call, account: this.l1.wallet.account, gas: 2n ** 24n });
      return 'accepted';
    } catch (error) {
      return errorName(error);
    }
  }

  /** Uploads the parts before `to`, a transaction each. */
  async upload(bundle: Bundle, to = bundle.parts.length): Promise<void> {
    await this.send(this.begin(bundle));
    for (let i = 1; i < to; i++) await this.send(this.feed(bundle, i));
  }

  /** What `result` says to a statement and a link. */
  async result(bundle: Bundle, frozen = this.dues(bundle)[0]!): Promise<string> {
    try {
      return await this.client.result(statementCalldata(bundle), frozen);
    } catch (error) {
      return errorName(error);
    }
  }

  /** What `verify` says to the whole bundle. */
  async verify(bundle: Bundle): Promise<string> {
    const { statement, parts } = bundleCalldata(bundle);
    try {
      return (await this.l1.call(this.verifier, ProofVerifier.abi as never, 'verify', [statement, parts])) as string;
    } catch (error) {
      return errorName(error);
    }
  }

  stop(): Promise<void> {
    return this.l1.stop();
  }
}

function errorName(error: unknown): string {
  if (error instanceof L1Error) return String(error.details?.error ?? error.code);
  const found = contractError(error);
  if (found !== undefined) return found.name;
  if (error instanceof BaseError) return error.shortMessage;
  throw error;
}
