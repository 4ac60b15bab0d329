import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { mod } from '../../src/bus/field.js';
import { type Term, term } from '../../src/bus/tuple.js';
import { type Chip, type Columns, defineChip, type RowOf } from '../../src/chips/chip.js';
import { type ChipCircuit, chipCircuit, show } from '../helpers/chips/circuit.js';
import { deletionMissing } from '../helpers/chips/deletion/deletion.js';
import { hintFindings } from '../helpers/chips/deletion/hints.js';
import { mirrorFindings, paddingFindings } from '../helpers/chips/mirror.js';
import { cellFindings, pairFindings, wireFindings } from '../helpers/chips/mutation.js';
import { randomOf } from '../helpers/chips/random.js';
import { ruleOneFindings } from '../helpers/chips/rule-one.js';

// The harness must find every fault of the chips in test/fixtures/chips/faulty.circom, by the right part and by name.

interface Faulty {
  readonly template: string;
  readonly columns?: Columns;
  readonly row?: Readonly<Record<string, bigint | readonly bigint[]>>;
  readonly terms?: (row: Readonly<Record<string, bigint>>) => Term[];
}

const COLUMNS = { en: 1, x: 1, y: 1 };
const ROW = { en: 1n, x: 4n, y: 7n };

const send: NonNullable<Faulty['terms']> = ({ en, x, y }) => [term(en!, 'TXBAD', { use: x!, idx: y! })];

function chipOf({ template, columns = COLUMNS, terms }: Faulty): Chip {
  const zero = Object.entries(columns).map(([name, length]) => [name, length === 1 ? 0n : Array(length).fill(0n)]);
  return defineChip({
    name: `faulty-${template.replace(/\W/g, '')}`,
    file: '../../test/fixtures/chips/faulty',
    template,
    outputs: 1,
    columns,
    padding: Object.fromEntries(zero) as RowOf<Columns>,
    terms: (row) => {
      const named = row as unknown as Readonly<Record<string, bigint>>;
      return (terms ?? send)(named);
    },
  });
}

async function load(faulty: Faulty): Promise<{ circuit: ChipCircuit; rows: RowOf<Columns>[] }> {
  return { circuit: await chipCircuit(chipOf(faulty)), rows: [(faulty.row ?? ROW) as unknown as RowOf<Columns>] };
}

const random = () => randomOf(1, 'harness');
const BY_X: Pick<Faulty, 'columns' | 'row'> = { columns: { x: 1, y: 1 }, row: { x: 4n, y: 7n } };

const DIFFERENCE: Faulty = {
  template: 'Difference(0)',
  columns: { en: 1, off: 1, x: 1, y: 1 },
  row: { en: 1n, off: 0n, x: 4n, y: 7n },
};

describe('the chip harness', () => {
  it('takes en - off for a boolean where off is only set with en', async () => {
    const { circuit } = await load({ ...DIFFERENCE, template: 'Difference(1)' });
    expect(ruleOneFindings(circuit)).toEqual([]);
  });

  it('finds nothing wrong with a sound chip', async () => {
    const { circuit, rows } = await load({ template: 'Sound()' });
    expect(mirrorFindings(circuit, rows, random())).toEqual([]);
    expect(paddingFindings(circuit, random())).toEqual([]);
    expect(ruleOneFindings(circuit)).toEqual([]);
    expect(cellFindings(circuit, rows, random())).toEqual([]);
    expect(pairFindings(circuit, rows, random())).toEqual([]);
    expect(wireFindings(circuit, rows, random())).toEqual([]);
    expect(hintFindings(circuit, rows, random())).toEqual([]);
    expect(deletionMissing(circuit, rows, random())).toEqual([]);
  });

  it.each<[fault: string, faulty: Faulty, finding: RegExp]>([
    ['a hint in a fingerprint', { template: 'HintInFingerprint(0)' }, /has root in its fingerprint/],
    ['a hint times a power of beta', { template: 'HintInFingerprint(1)' }, /has py in its fingerprint/],
    ['a hint as weight', { template: 'HintAsWeight()', ...BY_X }, /has en in its weight/],
    ['a hint that gates a sum', { template: 'HintAsGate()', ...BY_X }, /depends on the challenge by i, beside .*en/],
    ['a fingerprint gated by a flag', { template: 'GatedFingerprint()' }, /has en for o: a gated fingerprint/],
    ['a power of beta that the tag does not have', { template: 'WrongPower()' }, /has py: powers of beta that TXBAD/],
    ['an unknown tag', { template: 'UnknownTag()' }, /unknown tag 1000/],
    ['a column that depends on the challenge', { template: 'ChallengeInColumn()' }, /depends on the challenge by .*py/],
    ['a weight that is no boolean', { template: 'NoBoolean(0)' }, /weight of TXBAD that is no boolean/],
    ['a weight en - off where off may be set alone', DIFFERENCE, /weight of TXBAD that is no boolean/],
    ['a gate that is no boolean', { template: 'NoBoolean(1)' }, /by what is no boolean/],
    ['a linear tuple without any gate', { template: 'Ungated()' }, /without a boolean weight/],
  ])('rule 1 finds %s', async (_fault, faulty, finding) => {
    const { circuit } = await load(faulty);
    const findings = ruleOneFindings(circuit);
    expect(
      findings.some((line) => finding.test(line)),
      findings.join('\n'),
    ).toBe(true);
  });

  it('mutation finds a column that reaches no tuple', async () => {
    const columns = { ...COLUMNS, spare: 1 };
    const { circuit, rows } = await load({ template: 'FreeColumn()', columns, row: { ...ROW, spare: 1n } });
    expect(cellFindings(circuit, rows, random())).toEqual([expect.stringMatching(/^spare: 1 -> 0: accepted/)]);
  });

  it('mutation of two cells finds a carry between limbs that are not looked up', async () => {
    const faulty: Faulty = {
      template: 'FreePair()',
      columns: { en: 1, part: 2, y: 1 },
      row: { en: 1n, part: [5n, 6n], y: 7n },
      terms: ({ en, part, y }) => {
        const [low, high] = part as unknown as readonly bigint[];
        return [term(en!, 'TXBAD', { use: mod(low! + 4096n * high!), idx: y! })];
      },
    };
    const { circuit, rows } = await load(faulty);
    expect(cellFindings(circuit, rows, random())).toEqual([]);
    expect(pairFindings(circuit, rows, random()).join('\n')).toMatch(/part\[0\]: 5 -> .*, part\[1\]: 6 -> 7: accepted/);
  });

  it('mutation finds that circuit and TypeScript disagree', async () => {
    const terms: Faulty['terms'] = ({ en, x, y }) => [term(en!, 'TXBAD', { use: y!, idx: x! })];
    const { circuit, rows } = await load({ template: 'Sound()', terms });
    expect(mirrorFindings(circuit, rows, random())).toEqual([expect.stringMatching(/^row 0: circuit sum/)]);
  });

  it('mutation of wires finds an inverse of 0 that is not pinned', async () => {
    const { circuit, rows } = await load({ template: 'FreeHint()', row: { en: 1n, x: 0n, y: 0n } });
    expect(wireFindings(circuit, rows, random())).toEqual([expect.stringMatching(/^row 0: inv may be/)]);
    expect(hintFindings(circuit, rows, random())).toEqual([expect.stringMatching(/^row 0: inv may be/)]);
  });

  it('the search for free hints finds two that move together', async () => {
    const { circuit, rows } = await load({ template: 'HintPair()' });
    expect(wireFindings(circuit, rows, random())).toEqual([]);
    expect(hintFindings(circuit, rows, random())).toEqual([
      expect.stringMatching(/^row 0: (low|high) may be .* same cells/),
    ]);
  });

  it('padding that contributes is found', async () => {
    const terms: Faulty['terms'] = ({ x, y }) => [term(1n, 'TXBAD', { use: x!, idx: y! })];
    const { circuit } = await load({ template: 'Ungated()', terms });
    expect(paddingFindings(circuit, random())).toHaveLength(2);
  });

  it('deletion finds no assignment exactly for constraints that follow from others', async () => {
    const { circuit, rows } = await load({ template: 'Redundant()' });
    const missing = deletionMissing(circuit, rows, random()).map((i) => show(circuit, i));
    expect(missing).toHaveLength(2);
    expect(missing.every((line) => /\ben\b/.test(line) && !/alpha|py/.test(line))).toBe(true);
  });

  it('has a test for every faulty chip', () => {
    const source = readFileSync(new URL('../fixtures/chips/faulty.circom', import.meta.url), 'utf8');
    const templates = [...source.matchAll(/^template (\w+)/gm)].map(([, name]) => name!);
    const tests = readFileSync(new URL(import.meta.url), 'utf8');
    expect(templates.filter((name) => !tests.includes(`'${name}(`))).toEqual([]);
  });
});
