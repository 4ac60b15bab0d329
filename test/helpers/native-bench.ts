import { type Address, concat, type Hex, isAddressEqual, size, slice } from 'viem';
import { expect } from 'vitest';
import { RULES_V2 } from '../../src/batch/rules.js';
import type { Rules } from '../../src/batch/types.js';
import type { Term } from '../../src/bus/tuple.js';
import { StatementError } from '../../src/errors/statement.js';
import { type BundleCalldata, bundleCalldata } from '../../src/l1/bundle-calldata.js';
import { rulesCalldata } from '../../src/l1/deploy-verifier.js';
import type { Bundle } from '../../src/proof/types.js';
import { l1Origins } from './bundles.js';
import type { Published } from './code-samples.js';
import { fakeKeyBlob } from './key-blob.js';
import { compileVerifier, outcomeOf, startTestL1, type TestL1 } from './test-l1.js';

/** L1's native part beside its mirror. */
export class NativeBench {
  /** Codes of L1 contracts that the mirror knows. */
  readonly published: Published[] = [];

  private constructor(
    readonly l1: TestL1,
    readonly address: Address,
    readonly rules: Rules,
  ) {}

  static async start(rules: Rules = RULES_V2): Promise<NativeBench> {
    const l1 = await startTestL1();
    const args = [await fakeKeyBlob(1, rules), rulesCalldata(rules), true];
    return new NativeBench(l1, await l1.deploy(compileVerifier().VerifierBench!, args), rules);
  }

  get abi() {
    return compileVerifier().VerifierBench!.abi;
  }

  /** The fraction of L1's tuples under a challenge, and the gas that it takes. */
  async native(calldata: BundleCalldata, alpha = 5n, beta = 7n): Promise<[num: bigint, den: bigint, gas: bigint]> {
    const { statement, parts } = calldata;
    const result = await this.l1.call(this.address, this.abi, 'native_', [statement, parts, alpha, beta, 0n, false]);
    return result as [bigint, bigint, bigint];
  }

  /** How the balance of L1's tuples with the circuits' `sums` ends. */
  balance(bundle: Bundle, alpha: bigint, beta: bigint, sums: bigint): Promise<string> {
    const { statement, parts } = bundleCalldata(bundle);
    const args = [statement, parts, alpha, beta, sums, true];
    return outcomeOf(this.l1.call(this.address, this.abi, 'native_', args));
  }

  /** The mirror's tuples. */
  terms(bundle: Bundle): Term[] {
    const codeOf = (_: Hex, contract: Address) =>
      this.published.find(({ address }) => isAddressEqual(address, contract))?.code;
    return l1Origins(bundle, this.rules, codeOf).flatMap(({ terms }) => terms);
  }

  /** Name of L1's error and of the mirror's, which must be the same. */
  async refusal(bundle: Bundle): Promise<string> {
    const name = await outcomeOf(this.native(bundleCalldata(bundle)));
    let mirror = 'accepted';
    try {
      this.terms(bundle);
    } catch (error) {
      if (!(error instanceof StatementError)) throw error;
      mirror = error.reason;
    }
    expect(mirror).toBe(name);
    return name;
  }

  /** Puts a code at an address of L1, known to the mirror. */
  async publish(address: Address, code: Hex): Promise<Published> {
    await this.setCode(address, code);
    const entry = { address, code };
    this.published.push(entry);
    return entry;
  }

  /** Puts a code at an address of L1; the mirror does not see it. */
  async setCode(address: Address, code: Hex): Promise<void> {
    await this.l1.reader.request({ method: 'anvil_setCode', params: [address, code] } as never);
  }

  stop(): Promise<void> {
    return this.l1.stop();
  }
}

/** `hex` with `part` at byte `offset`. */
export function put(hex: Hex, offset: number, part: Hex): Hex {
  const end = offset + size(part);
  const before = offset === 0 ? '0x' : slice(hex, 0, offset);
  return concat([before, part, end === size(hex) ? '0x' : slice(hex, end)]);
}
