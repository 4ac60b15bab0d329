import { beforeAll, describe, expect, it } from 'vitest';
import { mod } from '../../src/bus/field.js';
import { fieldsOf, type TupleName } from '../../src/bus/layout.js';
import { describe as textOfTuple } from '../../src/bus/tuple.js';
import { CHIPS } from '../../src/chips/index.js';
import { type ChipCircuit, cellsOfRow, chipCircuit, randomChallenge } from '../helpers/chips/circuit.js';
import { randomOf, testSeed } from '../helpers/chips/random.js';
import type { Net, Surroundings } from '../helpers/determinism/assignment.js';
import { demoBatch, randomBatch, type TracedBatch, writtenBatches } from '../helpers/determinism/batches.js';
import { judgeOf, textOf } from '../helpers/determinism/effects.js';
import { type Statement, statementOf, termsBy } from '../helpers/determinism/extract.js';
import { centred } from '../helpers/determinism/knowledge.js';
import { CHAIN, type Moment, momentsOf } from '../helpers/determinism/moments.js';
import { effectsOf, idleEffects } from '../helpers/determinism/search.js';
import { termsOf } from '../helpers/execution-bus.js';

/**
 * At moments of honest batches, no row of any chip does anything else than the honest row. Each chip is asked for all that a row of it could do
 * with the machine, given what lies on the bus and in the tables. So the whole of a batch follows from its start, step by step.
 */
const RANDOM_BATCHES = 4;
/** Moments of each chip that are drawn from the random batches, beside the first and the last of the written ones. */
const DRAWN = 2;
/** The same in every run: the search is not complete, and other moments may be beyond it (`../helpers/chips/README.md`). */
const seed = process.env.DELTAPROOF_SEED ? testSeed() : 7;

/** Chips that hand execution on. */
const NAMES = Object.keys(CHIPS).filter((name) => {
  const { terms, padding } = CHIPS[name]!;
  return terms(padding).some(({ tuple }) => CHAIN.includes(tuple.name));
});

/** Chips of which no row receives the machine amid a frame. */
const BETWEEN_FRAMES = ['txbad', 'txskip', 'transfer', 'txbegin', 'txend', 'warm', 'undo', 'copyword', 'copybytes'];
/** Chips that end a frame at many opcodes. */
const HALTS = ['halt', 'memhalt'];
/** Values of EXEC's fields that no honest row sends, far enough away that no honest step leads back. */
const STRAY: readonly [field: 'gas' | 'work' | 'refund' | 'mem', value: bigint][] = [
  ['gas', -5_000n],
  ['gas', 1n << 80n],
  ['work', -(1n << 40n)],
  ['refund', -(1n << 40n)],
  ['mem', -3n],
  ['mem', 1n << 50n],
];

/** The others, by why nothing is asked of them here. */
const OTHERS = {
  'supplies a table': ['tables', 'bits', 'expansion', 'frame', 'code', 'pushdata2', 'pushdata4', 'pushdata32'],
  'begins or ends cells at no time of its own, safe by counting (its header)': [
    'memcell',
    'cellend',
    'slotend',
    'drain',
    'drainjrn',
  ],
  'speaks of the trie': [
    'branch',
    'slotleaf',
    'accountleaf',
    'open2',
    'open4',
    'open8',
    'ext',
    'nokey4',
    'nokey8',
    'void',
  ],
};

/**
 * Of the constraints and look-ups of some chips, every n-th (as the search takes long for some), how many are noticed at least when one is dropped
 * at the moments of the written batches. Not noticed are those that other constraints or the moment itself make superfluous there: `en` is 1
 * where a tuple is received, the one cell that can be received is old enough, a flag is for a case that no moment has, a limb is fixed by the
 * others. That they are needed elsewhere is shown chip by chip (`../helpers/chips/deletion/deletion.ts`).
 */
const NOTICED: readonly [chip: string, every: number, noticed: number][] = [
  ['transfer', 15, 2],
  ['txskip', 8, 5],
  ['txbegin', 15, 2],
  ['txend', 20, 3],
  ['memory', 1, 19],
  ['log', 2, 8],
  ['memhalt', 7, 3],
  ['keccak256', 1, 12],
  ['jumpi', 1, 11],
  ['badjump', 1, 18],
  ['halt', 1, 7],
  ['return', 2, 2],
  ['register', 1, 7],
  ['pop', 1, 4],
  ['swap', 1, 7],
  ['add', 1, 37],
  ['compare', 4, 11],
  ['env', 1, 4],
  ['sload', 1, 13],
  ['sstore', 1, 38],
  ['undo', 1, 3],
  ['warm', 1, 6],
];

describe('what follows is the only thing that can', { timeout: 600_000 }, () => {
  const circuits = new Map<string, ChipCircuit>();
  const statements = new Map<string, Statement>();
  let written: Moment[] = [];
  let drawn: Moment[] = [];

  beforeAll(async () => {
    console.log(`determinism: DELTAPROOF_SEED=${seed}`);
    for (const name of NAMES) {
      circuits.set(name, await chipCircuit(CHIPS[name]!));
      statements.set(name, statementOf(circuits.get(name)!));
    }
    const isGas = ({ row }: TracedBatch['trace']['rows'][number]) => (row.gas as unknown) === 1n;
    written = momentsIn(await writtenBatches(), (rows) => [rows.find(isGas) ?? rows[0]!, rows.at(-1)!]);
    const batches = [await demoBatch(`determinism ${seed}`)];
    for (let i = 0; i < RANDOM_BATCHES; i++) batches.push(await randomBatch(randomOf(seed, `determinism ${i}`)));
    const random = randomOf(seed, 'moments');
    drawn = momentsIn(batches, (rows) => Array.from({ length: DRAWN }, () => random.pick(rows)));
    console.log(`${NAMES.length} chips, ${written.length} moments of written batches, ${drawn.length} of random ones`);
  });

  it('leaves out no chip without a reason', () => {
    const known = [...NAMES, ...Object.values(OTHERS).flat()];
    expect(known.sort()).toEqual(Object.keys(CHIPS).sort());
  });

  it.each(NAMES)('%s', (chip) => {
    const own = [...written, ...drawn].filter(({ row }) => row.chip === chip);
    expect(own.length).toBeGreaterThan(0);
    for (const moment of own) {
      const where = `${moment.row.origin} [${chip}], DELTAPROOF_SEED=${seed}`;
      expect(readTuples(moment), where).toEqual(honestTuples(moment));
      const found = NAMES.map((name) => ({ name, ...whatFollows(statements.get(name)!, moment) }));
      for (const { name, others, open } of found) {
        expect([...others.map(textOf), ...(open === undefined ? [] : [open])], `${name} at ${where}`).toEqual([]);
      }
      const able = found.filter(({ expected }) => expected).map(({ name }) => name);
      expect(able, where).toContain(chip);
    }
  });

  it.each(NAMES)('%s does nothing when it takes nothing from another row', (chip) => {
    const { around } = written.find(({ row }) => row.chip === chip)!;
    const live: Surroundings['live'] = (name) => (CHAIN.includes(name) ? [] : around.live(name));
    const { expected, others, open } = idleEffects(statements.get(chip)!, { ...around, live });
    expect({ expected, others: others.map(textOf), open }).toEqual({ expected: true, others: [], open: undefined });
  });

  /** The machine as no honest row leaves it (docs/SOUNDNESS.md): no row makes it honest again, ends its frame, or makes a word of it. */
  it.each(NAMES.filter((chip) => !BETWEEN_FRAMES.includes(chip)))(
    '%s does not bring back what left its range',
    (chip) => {
      expect([chip, ...HALTS].flatMap((name) => broughtBack(chip, name, statements.get(name)!))).toEqual([]);
    },
  );

  it.each(['register', 'stop', 'return'])('%s without its look-ups would bring back gas', (chip) => {
    const { prints, ...rest } = statements.get(chip)!;
    const loose = { ...rest, prints: prints.filter(({ name }) => name !== 'RANGE12') };
    expect(broughtBack(chip, chip, loose).join()).toContain(`${chip}, gas: `);
  });

  /** What a row of `name` does amiss at the first moment of `chip`, with one field of the machine out of its range. */
  function broughtBack(chip: string, name: string, statement: Statement): string[] {
    const { received, around } = written.find(({ row }) => row.chip === chip)!;
    return outOfRange(received).flatMap(({ field, values }) => {
      const { others, open } = effectsOf(statement, received.name, values, around, (net) =>
        isBroughtBack(net, field) ? 'other' : 'harmless',
      );
      return [...others.map(textOf), ...(open === undefined ? [] : [open])].map(
        (found) => `${name}, ${field}: ${found}`,
      );
    });
  }

  // The search proves itself: it finds what is possible when a constraint or a look-up is missing.
  it.each(NOTICED)('%s without one of its constraints or look-ups', (chip, every, least) => {
    const statement = statements.get(chip)!;
    const { equations, prints } = statement;
    const names = new Set(written.filter(({ row }) => row.chip === chip).map(({ received }) => received.name));
    const moments = written.filter(({ received }) => names.has(received.name));
    const all: Statement[] = [
      ...equations.map((one) => ({ ...statement, equations: equations.filter((other) => other !== one) })),
      ...prints
        .filter((one) => one.class === 'table')
        .map((one) => ({ ...statement, prints: prints.filter((other) => other !== one) })),
    ];
    const cut = all.filter((_, i) => i % every === 0);
    const noticed = { found: 0, undecided: 0, missed: 0 };
    for (const one of cut) {
      let result: keyof typeof noticed = 'missed';
      for (const moment of moments) {
        const { others, open } = whatFollows(one, moment);
        if (others.length > 0) result = 'found';
        else if (open !== undefined) result = 'undecided';
        if (result !== 'missed') break;
      }
      noticed[result]++;
    }
    console.log(
      `${chip}: of ${cut.length} dropped one by one ${noticed.found} are found, ${noticed.undecided} undecided`,
    );
    expect(noticed.found + noticed.undecided).toBeGreaterThanOrEqual(least);
  });

  /** The row's tuples as its circuit's constraints have them. */
  function readTuples({ row }: Moment): string[] {
    const circuit = circuits.get(row.chip)!;
    const wires = circuit.witness(cellsOfRow(circuit, row.row), randomChallenge(randomOf(seed, row.origin)));
    return textsOf(termsBy(statements.get(row.chip)!, wires));
  }
});

function honestTuples({ row }: Moment): string[] {
  return textsOf(termsOf(row));
}

function textsOf(terms: ReturnType<typeof termsBy>): string[] {
  const weighted = (terms ?? []).filter(({ weight }) => weight !== 0n);
  return weighted.map(({ weight, tuple }) => `${centred(weight)} ${textOfTuple(tuple)}`).sort();
}

/** Moments of batches: of each chip those of the rows that are picked. */
function momentsIn(
  batches: readonly TracedBatch[],
  pick: (rows: TracedBatch['trace']['rows']) => TracedBatch['trace']['rows'],
): Moment[] {
  const rows = batches.flatMap(({ trace }) => trace.rows);
  const wanted = new Set(
    NAMES.flatMap((name) => {
      const all = rows.filter(({ chip }) => chip === name);
      return all.length === 0 ? [] : pick(all);
    }),
  );
  return batches.flatMap(({ replay, trace }) => momentsOf(replay, trace, (row) => wanted.has(row)));
}

function whatFollows(statement: Statement, moment: Moment) {
  const { name, values } = moment.received;
  return effectsOf(statement, name, values, moment.around, judgeOf(moment));
}

/** A machine with one field out of its range. */
function outOfRange({ name, values }: Moment['received']) {
  const at = (field: string) => fieldsOf(name).indexOf(field);
  return STRAY.map(([field, value]) => ({
    field,
    values: values.map((old, i) => (i === at(field) ? mod(value) : old)),
  }));
}

/** Whether a row sends the field within its range, ends the frame in spite of its gas, or sends a word that is none. */
function isBroughtBack(net: Net, field: string): boolean {
  return [...net].some(([key, weight]) => {
    if (weight !== 1n) return false;
    const [name, list] = key.split(':') as [TupleName, string];
    const values = list.split(',').map(BigInt);
    const of = (one: string) => values[fieldsOf(name).indexOf(one)]!;
    if (name === 'STACK' || name === 'MEM') return [of('hi'), of('lo')].some((half) => half >= 1n << 128n);
    if (name === 'END' && field === 'gas') return true;
    if (name !== 'EXEC') return false;
    const limits = { gas: 1n << 64n, work: 1n << 48n, refund: 1n << 51n, mem: (1n << 44n) + 1n };
    return centred(of(field)) >= 0n && of(field) < limits[field as keyof typeof limits];
  });
}
