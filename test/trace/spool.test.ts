import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decodeRows, encodeRows } from '../../prover/stages/parts.js';
import { R } from '../../src/bus/field.js';
import { cellNames, rowOf, type TraceRow } from '../../src/chips/chip.js';
import { CHIPS } from '../../src/chips/index.js';
import { readCells, writeCells } from '../../src/trace/cell-bytes.js';
import { Spool } from '../../src/trace/spool.js';
import { type Random, randomOf, testSeed } from '../helpers/chips/random.js';

/** Above the highest process id of Linux. */
const DEAD = 2 ** 22 + 1;
const EDGES = [0n, 1n, 222n, 223n, 255n, 256n, 65_535n, 65_536n, 2n ** 48n - 1n, 2n ** 48n, 2n ** 53n - 1n, 2n ** 53n];
const WIDE = [2n ** 64n, 2n ** 128n - 1n, 2n ** 253n, R - 1n];

const randomCell = (random: Random) => random.bits(1 + random.int(253));

function randomRow(random: Random, chip: string): TraceRow {
  const cells = cellNames(CHIPS[chip]!).map(() => randomCell(random));
  return { chip, row: rowOf(CHIPS[chip]!, cells), origin: '' };
}

describe('cells as bytes', () => {
  const roundTrip = (cells: readonly bigint[]) => {
    const bytes = Buffer.alloc(33 * cells.length);
    return readCells(bytes.subarray(0, writeCells(cells, bytes, 0)));
  };

  it('come back as they were, up to 254 bits', () => {
    expect(roundTrip([...EDGES, ...WIDE])).toEqual([...EDGES, ...WIDE]);
    const seed = testSeed();
    console.log(`cells: DELTAPROOF_SEED=${seed}`);
    const random = randomOf(seed, 'cells');
    const cells = Array.from({ length: 2_000 }, () => randomCell(random));
    expect(roundTrip(cells)).toEqual(cells);
  });

  it('take one byte when they are small, and 33 at most', () => {
    const bytes = Buffer.alloc(64);
    expect([0n, 222n, 223n, 4095n, R - 1n].map((cell) => writeCells([cell], bytes, 0))).toEqual([1, 1, 2, 3, 33]);
  });

  it('are refused outside of the field, and when they are cut short', () => {
    const bytes = Buffer.alloc(64);
    for (const cell of [-1n, R]) {
      expect(() => writeCells([cell], bytes, 0)).toThrow(expect.objectContaining({ code: 'TRACE_CELL_RANGE' }));
    }
    const end = writeCells([7n, 2n ** 200n], bytes, 0);
    expect(() => readCells(bytes.subarray(0, end - 1))).toThrow(expect.objectContaining({ code: 'TRACE_BAD_ROWS' }));
  });
});

describe('a spool', () => {
  let parent: string;
  beforeEach(() => {
    parent = mkdtempSync(join(tmpdir(), 'deltaproof-test-'));
  });
  afterEach(() => rmSync(parent, { recursive: true, force: true }));

  it('gives any range of rows, in order, also while rows come in', () => {
    const random = randomOf(testSeed(), 'spool');
    const chips = ['pop', 'memcell', 'push'];
    const made: Record<string, TraceRow['row'][]> = {};
    const spool = Spool.open(parent);
    const check = () => {
      for (const chip of chips) {
        const rows = made[chip] ?? [];
        for (const from of [0, 1, 255, 256, 257, random.int(rows.length)]) {
          const to = Math.min(rows.length, from + random.int(600));
          if (to <= from) continue;
          const bytes = encodeRows({ rows: { [chip]: { from, to } } }, (name, range) => spool.read(name, range));
          expect(decodeRows(bytes)).toEqual({ [chip]: rows.slice(from, to) });
        }
      }
    };
    for (let n = 0; n < 3_000; n++) {
      const row = randomRow(random, chips[random.int(chips.length)]!);
      made[row.chip] ??= [];
      made[row.chip]!.push(row.row);
      spool.push(row);
      if (n === 1_500) check();
    }
    check();
    expect(Object.fromEntries(spool.counts())).toEqual(
      Object.fromEntries(Object.entries(made).map(([chip, rows]) => [chip, rows.length])),
    );
    expect(spool.read('void', { from: 0, to: 0 })).toHaveLength(0);
    spool.close();
    expect(readdirSync(parent)).toEqual([]);
  });

  it('refuses rows that no version of it has written', () => {
    const spool = Spool.open(parent);
    spool.push(randomRow(randomOf(testSeed(), 'bad'), 'pop'));
    const bytes = encodeRows({ rows: { pop: { from: 0, to: 1 } } }, (chip, range) => spool.read(chip, range));
    spool.close();
    const changed = [
      Buffer.concat([bytes, bytes.subarray(0, 5)]),
      bytes.subarray(0, -1),
      Buffer.from(bytes.toString('latin1').replace('pop', 'pup'), 'latin1'),
      Buffer.from([...bytes.subarray(0, 7), 2, ...bytes.subarray(8)]),
    ];
    for (const [i, wrong] of changed.entries()) {
      expect(() => decodeRows(wrong), `${i}`).toThrow(expect.objectContaining({ code: 'TRACE_BAD_ROWS' }));
    }
  });

  it('is removed when its process ends by itself', async () => {
    await inProcess(parent, 'process.exit(3);').catch(() => undefined);
    expect(readdirSync(parent)).toEqual([]);
  });

  it('of a killed process is removed by the next one, those of living ones and of other machines are not', async () => {
    await inProcess(parent, "process.kill(process.pid, 'SIGKILL');").catch(() => undefined);
    expect(readdirSync(parent)).toHaveLength(1);
    const alive = `deltaproof-spool-${hostname()}-${process.ppid}-abcdef`;
    const reused = `deltaproof-spool-${hostname()}-${process.pid}-abcdef`;
    const foreign = `deltaproof-spool-other-${hostname()}-1-abcdef`;
    const longer = `deltaproof-spool-${hostname()}-2-${DEAD}-abcdef`;
    for (const name of [alive, reused, foreign, longer, 'something']) mkdirSync(join(parent, name));
    const first = Spool.open(parent);
    const second = Spool.open(parent);
    expect(
      readdirSync(parent)
        .filter((name) => !name.includes(`-${process.pid}-`))
        .sort(),
    ).toEqual([alive, foreign, longer, 'something'].sort());
    expect(readdirSync(parent)).not.toContain(reused);
    first.close();
    second.close();
    expect(readdirSync(parent)).toHaveLength(4);
  });

  it('opens beside an abandoned one that it may not remove', () => {
    const abandoned = join(parent, `deltaproof-spool-${hostname()}-${DEAD}-abcdef`);
    mkdirSync(join(abandoned, 'locked'), { recursive: true });
    writeFileSync(join(abandoned, 'locked', 'pop'), '');
    chmodSync(join(abandoned, 'locked'), 0o555);
    chmodSync(parent, 0o1777);
    // Root may remove everything: as somebody else then.
    const isRoot = process.getuid!() === 0;
    if (isRoot) process.seteuid!(65_534);
    try {
      const spool = Spool.open(parent);
      spool.push(randomRow(randomOf(testSeed(), 'beside'), 'pop'));
      spool.close();
      expect(readdirSync(parent)).toHaveLength(1);
    } finally {
      if (isRoot) process.seteuid!(0);
      chmodSync(join(abandoned, 'locked'), 0o755);
    }
  });

  it('says what to do when its disk takes no more', () => {
    const spool = Spool.open(parent);
    const folder = join(parent, readdirSync(parent)[0]!);
    rmSync(folder, { recursive: true });
    expect(() => spool.push(randomRow(randomOf(testSeed(), 'full'), 'pop'))).toThrow(
      expect.objectContaining({ code: 'TRACE_SPOOL', retryable: true }),
    );
    spool.close();
    writeFileSync(join(parent, 'file'), '');
    expect(() => Spool.open(join(parent, 'file'))).toThrow(expect.objectContaining({ code: 'TRACE_SPOOL' }));
  });
});

/** A process of its own that opens a spool, writes a row and then does what `end` says. */
function inProcess(parent: string, end: string) {
  const spool = join(import.meta.dirname, '../../src/trace/spool.ts');
  const script = `import { Spool } from ${JSON.stringify(spool)};
    Spool.open(${JSON.stringify(parent)}); ${end}`;
  return promisify(execFile)(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    cwd: join(import.meta.dirname, '../..'),
  });
}
