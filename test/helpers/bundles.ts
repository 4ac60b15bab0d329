import { concat, type Hex } from 'viem';
import { batchHash, txsHash } from '../../src/batch/header.js';
import type { Rules } from '../../src/batch/types.js';
import type { Origin } from '../../src/bus/balance.js';
import { l1Items } from '../../src/l1/l1-transactions.js';
import { type Content, decodeParts, encodeParts } from '../../src/l1/parts.js';
import type { Tables } from '../../src/l1/tables.js';
import { type L1Input, l1Terms } from '../../src/l1/terms.js';
import { type Commitment, decodePart, encodePart, frozenOf } from '../../src/proof/parts.js';
import { type Transcript, transcript } from '../../src/proof/transcript.js';
import type { Bundle } from '../../src/proof/types.js';
import { statementOf } from '../../src/proof/verify.js';

/** Transactions and tables of a bundle. */
export function contentOf({ parts, mode }: Pick<Bundle, 'parts' | 'mode'>): Content {
  return decodeParts(parts, mode);
}

/** The tables of a bundle. */
export function tablesOf(bundle: Pick<Bundle, 'parts' | 'mode'>): Tables {
  return contentOf(bundle).tables;
}

/** The bundle with another content, and its proofs, if it has some. */
export function withContent(bundle: Bundle, over: Partial<Content>): Bundle {
  const proofs = bundle.parts.filter((part) => decodePart(part).kind === 'proofs');
  return { ...bundle, parts: [...encodeParts({ ...contentOf(bundle), ...over }), ...proofs] };
}

/** The bundle with other tables; statement and proofs stay. */
export function reTabled(bundle: Bundle, over: Partial<Tables>): Bundle {
  return withContent(bundle, { tables: { ...tablesOf(bundle), ...over } });
}

/** The bundle with other transactions, as many read as before; statement and proofs stay. */
export function withTxs(bundle: Bundle, txs: readonly Hex[], read = tablesOf(bundle).read): Bundle {
  const { tables } = contentOf(bundle);
  return withContent(bundle, { items: l1Items(txs, read), tables: { ...tables, read } });
}

/** The bundle of a batch of these transactions: their hash in the header, too. */
export function withBatch(bundle: Bundle, txs: readonly Hex[]): Bundle {
  return withTxs({ ...bundle, header: { ...bundle.header, txsHash: txsHash(txs) } }, txs);
}

/** The bundle with these proof records in one part, or as many to a part as `counts` says, instead of its own. */
export function proven(bundle: Bundle, records: readonly Hex[], counts: readonly number[] = [records.length]): Bundle {
  const tables = bundle.parts.filter((part) => decodePart(part).kind !== 'proofs');
  let from = 0;
  const proofs = counts.map((count) => {
    from += count;
    return encodePart('proofs', concat(['0x', ...records.slice(from - count, from)]));
  });
  return { ...bundle, parts: [...tables, ...proofs] };
}

/** Seed and challenge of a bundle that {@link proven} makes of this one and proofs with these commitments. */
export function drawn(
  bundle: Bundle,
  commitments: readonly Commitment[],
  counts: readonly number[] = [commitments.length],
): Transcript {
  const parts = bundle.parts.filter((part) => decodePart(part).kind !== 'proofs');
  const statement = statementOf(bundle, batchHash(bundle.header));
  return transcript(bundle, statement, frozenOf({ parts, proofs: counts }, commitments));
}

/** L1's own tuples of a bundle. */
export function l1Origins(bundle: Bundle, rules: Rules, codeOf?: L1Input['codeOf']): Origin[] {
  const { header, preRoot, value } = bundle;
  return l1Terms({ ...contentOf(bundle), header, preRoot, value, rules, ...(codeOf ? { codeOf } : {}) });
}
