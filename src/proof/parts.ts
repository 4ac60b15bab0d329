import { concat, type Hex, keccak256, toHex } from 'viem';
import { word } from '../batch/bytes.js';
import { ZERO_WORD } from '../batch/header.js';
import { StatementError } from '../errors/statement.js';
import { decodeRecords } from './record.js';
import type { ProofRecord } from './types.js';

/** Kinds of parts, in the order in which they stand in a bundle (FORMATS.md, "Parts"). */
export const PART_KINDS = ['head', 'transactions', 'accounts', 'codes', 'keccaks', 'proofs'] as const;
export type PartKind = (typeof PART_KINDS)[number];

/** What one proof is bound by before the challenge: its shape and the commitment to its rows. */
export type Commitment = Pick<ProofRecord, 'shape' | 'D'>;

/** A part as the chain sees it. */
export interface PartLink {
  readonly kind: PartKind;
  /** keccak of the body, of a part with proofs that of its shapes and commitments. */
  readonly body: Hex;
}

/** kind u8 ‖ body. */
export function encodePart(kind: PartKind, body: Hex): Hex {
  return concat([toHex(PART_KINDS.indexOf(kind), { size: 1 }), body]);
}

/**
 * Kind and body of a part.
 * @throws StatementError `WrongKind` when it has no kind or one that does not exist
 */
export function decodePart(part: Hex): { kind: PartKind; body: Hex } {
  const kind = part.length < 4 ? undefined : PART_KINDS[Number.parseInt(part.slice(2, 4), 16)];
  if (kind === undefined) throw new StatementError('WrongKind', `a part begins with "${part.slice(0, 4)}".`);
  return { kind, body: `0x${part.slice(4)}` };
}

/**
 * What the chain binds of a part.
 * @throws StatementError `WrongKind`; VerificationError `NoProofs`, `BadLength`
 */
export function linkOf(part: Hex): PartLink {
  const { kind, body } = decodePart(part);
  return { kind, body: kind === 'proofs' ? commitmentsHash(decodeRecords(body)) : keccak256(body) };
}

/** The body's hash of a part with proofs. */
function commitmentsHash(commitments: readonly Commitment[]): Hex {
  return keccak256(concat(commitments.map(({ shape, D }) => concat([toHex(shape, { size: 1 }), D]))));
}

/**
 * The chain, backwards: the link to each part, and behind the last one `rest`. The first of them freezes all parts.
 * @param rest the link behind these parts, 0 when they are the last
 */
export function chainOf(links: readonly PartLink[], rest: Hex = ZERO_WORD): Hex[] {
  const dues: Hex[] = [rest];
  for (const { kind, body } of [...links].reverse()) {
    dues.unshift(keccak256(concat([word(BigInt(PART_KINDS.indexOf(kind))), body, dues[0]!])));
  }
  return dues;
}

/** The records of all parts with proofs, in order. Throws VerificationError `BadLength`, `NoProofs`; StatementError `WrongKind`. */
export function recordsOf(parts: readonly Hex[]): ProofRecord[] {
  return parts.flatMap((part) => {
    const { kind, body } = decodePart(part);
    return kind === 'proofs' ? decodeRecords(body) : [];
  });
}

/** The parts of a bundle before its proofs are made: all that the challenge depends on but the commitments. */
export interface Plan {
  /** The parts in front of those with proofs. */
  readonly parts: readonly Hex[];
  /** Proofs of each part with proofs. */
  readonly proofs: readonly number[];
}

/** The link to the first part of a bundle with these commitments, in the order of its proofs. */
export function frozenOf({ parts, proofs }: Plan, commitments: readonly Commitment[]): Hex {
  const ofProofs = cut(commitments, proofs).map((list): PartLink => ({ kind: 'proofs', body: commitmentsHash(list) }));
  return chainOf([...parts.map(linkOf), ...ofProofs])[0]!;
}

/** All parts of a bundle, when the records of its proofs are there. */
export function withProofs({ parts, proofs }: Plan, records: readonly Hex[]): Hex[] {
  return [...parts, ...cut(records, proofs).map((list) => encodePart('proofs', concat(list)))];
}

function cut<T>(list: readonly T[], counts: readonly number[]): T[][] {
  let from = 0;
  return counts.map((count) => {
    from += count;
    return list.slice(from - count, from);
  });
}
