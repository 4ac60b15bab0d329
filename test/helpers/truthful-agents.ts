import { concat, type Hex, type LocalAccount, toHex } from 'viem';
import { foundry } from 'viem/chains';
import { L1Account, type L1AccountOptions } from '../../prover/agents/l1-account.js';
import type { PlayerOptions } from '../../prover/agents/player.js';
import type { AgreedRoot } from '../../prover/node/claim-check.js';
import type { L2Node } from '../../prover/node/node.js';
import type { ProofService, ProvenBundle } from '../../prover/proving/service.js';
import { batchHash } from '../../src/batch/header.js';
import { RULES_V2, rulesHash } from '../../src/batch/rules.js';
import type { Batch, Header } from '../../src/batch/types.js';
import { StateError } from '../../src/errors/state.js';
import type { Wallet } from '../../src/l1/send-call.js';
import { encodePart } from '../../src/proof/parts.js';
import { RECORD_BYTES } from '../../src/proof/record.js';
import type { Mode } from '../../src/proof/types.js';
import { encodeKeccaks } from '../../src/statement/table-code.js';
import { HEAD_BYTES } from '../../src/statement/tables.js';
import { type DisputeWorld, f, recordTruth } from './dispute-world.js';

/** A node that knows the fake f of a dispute world: enough of {@link L2Node} for the agents, with an empty store. */
export class TruthfulNode {
  readonly rules = RULES_V2;
  readonly batches: Batch[] = [];
  readonly roots: bigint[];
  readonly diffs = [0n];
  readonly state = {
    batchHash: async (number: bigint): Promise<Hex> => (number === 0n ? toHex(0, { size: 32 }) : this.#hash(number)),
    batch: async (number: bigint) => ({ batch: this.batches[Number(number) - 1]! }),
    revertTo: async (number: bigint) => {
      this.batches.length = Number(number);
      this.roots.length = this.diffs.length = Number(number) + 1;
    },
  };

  constructor(world: DisputeWorld) {
    this.roots = [world.roots[0]!];
  }

  get head(): bigint {
    return BigInt(this.batches.length);
  }

  async apply(batch: Batch) {
    recordTruth(batch, this.batches, this.roots, this.diffs);
    return { diffHash: toHex(this.diffs.at(-1)!, { size: 32 }) };
  }

  async rootAfter(number: bigint): Promise<bigint> {
    const root = this.roots[Number(number)];
    if (root === undefined) throw new Error(`batch ${number} is not known here`);
    return root;
  }

  async value(kind: Mode, number: bigint): Promise<bigint> {
    return kind === 'root' ? this.rootAfter(number) : this.diffs[Number(number)]!;
  }

  async truth(number: bigint, mode: Mode) {
    const { header } = this.batches[Number(number) - 1]!;
    const preRoot = await this.rootAfter(number - 1n);
    return { request: { header, preRoot, mode }, value: f(batchHash(header), preRoot, mode) };
  }

  /** As a real node: the own record against another execution of the batch, and the own roots against the agreed one. */
  async checkClaim(kind: Mode, number: bigint, agreed?: AgreedRoot): Promise<void> {
    const { value } = await this.truth(number, kind);
    const isOther =
      agreed !== undefined && agreed.number < number && (await this.rootAfter(agreed.number)) !== agreed.root;
    if (value !== (await this.value(kind, number)) || isOther) {
      throw new StateError('STATE_CORRUPT', `What is stored of ${kind} ${number} is not what its execution gives.`);
    }
  }

  #hash(number: bigint): Hex {
    return batchHash(this.batches[Number(number) - 1]!.header);
  }
}

/** Parts of a bundle that proves nothing and fits one transaction: the head of an empty batch, and a record. */
export const SMALL_PARTS: readonly Hex[] = [
  encodePart('head', toHex(0, { size: HEAD_BYTES })),
  encodePart('proofs', toHex(0, { size: RECORD_BYTES })),
];
const INPUT_BYTES = 65_000;
/** The same with four hashed inputs of 65 KB each, of which a transaction holds one. */
export const LARGE_PARTS: readonly Hex[] = [
  SMALL_PARTS[0]!,
  ...[1, 2, 3, 4].map((fill) => {
    const input: Hex = `0x${toHex(fill, { size: 1 }).slice(2).repeat(INPUT_BYTES)}`;
    return encodePart('keccaks', concat(encodeKeccaks([{ kind: 'general', uses: 1n, input }])));
  }),
  SMALL_PARTS[1]!,
];

/** A proof service that has every proof at once. */
class InstantProofs {
  readonly #jobs: unknown[] = [];
  readonly #parts: readonly Hex[];

  constructor(parts: readonly Hex[]) {
    this.#parts = parts;
  }

  async submit(request: { header: Header; preRoot: bigint; mode: Mode }, target: object): Promise<string> {
    const value = f(batchHash(request.header), request.preRoot, request.mode);
    const bundle = { ...target, rulesHash: rulesHash(RULES_V2), ...request, value, parts: this.#parts };
    return String(this.#jobs.push(bundle) - 1);
  }

  async bundleOf(job: string): Promise<ProvenBundle> {
    return { bundle: this.#jobs[Number(job)], text: '', job } as unknown as ProvenBundle;
  }

  async isThere(): Promise<boolean> {
    return true;
  }
}

/** Options of an agent that plays as `wallet` by the truth of the world; all its bundles have these parts, and its account what `l1` says. */
export function truthfulAgent(
  world: DisputeWorld,
  wallet: Wallet,
  parts: readonly Hex[] = SMALL_PARTS,
  l1: Partial<L1AccountOptions> = {},
): PlayerOptions & { readonly truth: TruthfulNode } {
  const truth = new TruthfulNode(world);
  const contracts = {
    verifier: world.verifier,
    rollup: world.rollup.address,
    dispute: world.dispute.address,
    block: 0n,
  };
  return {
    truth,
    node: truth as unknown as L2Node,
    l1: new L1Account({
      ...{ url: world.l1.url, chain: foundry, account: wallet.account as LocalAccount, contracts, pollingMs: 20 },
      ...l1,
    }),
    proofs: new InstantProofs(parts) as unknown as ProofService,
    keys: { keySet: 'fake', keySetHash: toHex(0, { size: 32 }) },
  };
}
