import { concat, type Hex, toHex } from 'viem';
import { batchHash, txsHash } from '../../src/batch/header.js';
import type { Rules } from '../../src/batch/types.js';
import type { Origin } from '../../src/bus/balance.js';
import { type Commitment, decodePart, encodePart, frozenOf } from '../../src/proof/parts.js';
import { RECORD_BYTES } from '../../src/proof/record.js';
import { type Transcript, transcript } from '../../src/proof/transcript.js';
import type { Bundle } from '../../src/proof/types.js';
import { statementOf } from '../../src/proof/verify.js';
import type { SeededRandom } from '../../src/samples/random.js';
import { l1Items } from '../../src/statement/l1-transactions.js';
import {
  type Content,
  decodeParts,
  encodeEntries,
  encodeParts,
  TABLE_KINDS,
  type TableKind,
} from '../../src/statement/parts.js';
import { NO_CODE, type Tables } from '../../src/statement/tables.js';
import { type L1Input, l1Terms } from '../../src/statement/terms.js';

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

/** The content in parts whose borders are drawn, as are those of the entries of accounts. */
export function anyParts(random: SeededRandom, content: Content): Hex[] {
  const { head, ...lists } = encodeEntries(content, random.pick([1, 2, 64, 65, 512]));
  const cut = (kind: TableKind): Hex[] => {
    const parts: Hex[][] = [];
    const many = 1 + random.below(4);
    for (const entry of lists[kind]) {
      if (parts.length === 0 || random.below(many) === 0) parts.push([]);
      parts.at(-1)!.push(entry);
    }
    // An empty part changes nothing.
    if (random.below(8) === 0) parts.splice(random.below(parts.length + 1), 0, []);
    return parts.map((entries) => encodePart(kind, concat(['0x', ...entries])));
  };
  return [encodePart('head', head), ...TABLE_KINDS.flatMap(cut)];
}

/** L1's own tuples of a bundle. */
export function l1Origins(bundle: Bundle, rules: Rules, codeOf?: L1Input['codeOf']): Origin[] {
  const { header, preRoot, value } = bundle;
  return l1Terms({ ...contentOf(bundle), header, preRoot, value, rules, ...(codeOf ? { codeOf } : {}) });
}

/** Parts of a bundle that is only looked at: all items read, tables of nothing, proofs of zeros. */
export function shownParts(txs: readonly Hex[], shapes: readonly number[]): Hex[] {
  const head = { read: txs.length, ts: 0n, gasUsed: 0n, work: 0n, jrn: 0n, uses: 0n, blockUses: Array(7).fill(0n) };
  const tables = { ...head, accounts: [], ...NO_CODE };
  const records = shapes.map((shape) => concat([toHex(shape, { size: 1 }), toHex(0n, { size: RECORD_BYTES - 1 })]));
  return [
    ...encodeParts({ mode: 'diff', tables, items: l1Items(txs, txs.length) }),
    encodePart('proofs', concat(records)),
  ];
}
