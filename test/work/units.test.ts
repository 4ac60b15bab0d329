import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { RULES_V2 } from '../../src/batch/rules.js';
import { packageRoot } from '../../src/build/package-root.js';
import { CHIPS } from '../../src/chips/index.js';
import { OPCODES } from '../../src/evm/opcodes.js';
import { WORK } from '../../src/evm/work.js';
import { shapesOf } from '../../src/proof/shapes.js';
import { STEPS } from '../../src/trace/steps/index.js';
import { solveBulk } from '../../src/work/bulk.js';
import { readCounts } from '../../src/work/counts-file.js';
import { l1Gas } from '../../src/work/l1-gas.js';
import { ACCOUNT_PLACES, DEEP_ACCOUNT_PLACES } from '../../src/work/places.js';
import { PROOF_WORK, priceOfRows, pricesOf, WORK_PER_L1_GAS, workOf } from '../../src/work/price.js';
import { brokenPromises, budgetOf, WANTED } from '../../src/work/promise.js';
import { DEAREST_ACCOUNTS, SOLVED_UNITS, UNITS, type Unit } from '../../src/work/units.js';

const BULK = shapesOf('default').filter((shape) => shape.bulk === true);

const FOLDER = join(packageRoot(), 'src', 'trace', 'steps');
const rowsOf = ({ rows }: Unit) => Object.keys(rows);

/** What each file of steps exports. */
async function stepFiles(): Promise<ReadonlyMap<string, readonly unknown[]>> {
  const files = readdirSync(FOLDER).filter((file) => file.endsWith('.ts') && file !== 'index.ts');
  const loaded = await Promise.all(
    files.map(async (file) => [file, Object.values(await import(join(FOLDER, file)))] as const),
  );
  return new Map(loaded);
}

async function fileOfStep(step: unknown): Promise<string> {
  return [...(await stepFiles())].find(([, exported]) => exported.includes(step))![0];
}

/** Opcodes whose steps are in a file. */
function opcodesOf(file: string, files: ReadonlyMap<string, readonly unknown[]>): Set<string> {
  const inFile = Object.entries(OPCODES).filter(([op]) => files.get(file)!.includes(STEPS[Number(op)]));
  return new Set(inFile.map(([, opcode]) => opcode!.name));
}

/** The chips that a file of steps names, and the files of steps that it calls. */
async function chipsOf(file: string): Promise<string[]> {
  const text = readFileSync(join(FOLDER, file), 'utf8');
  const chips = new Set<string>();
  for (const [, names, path] of text.matchAll(/import \{([^}]*)\} from '(\.[^']*)\.js'/g)) {
    const target = join(FOLDER, `${path}.ts`);
    if (path!.startsWith('./')) for (const chip of await chipsOf(`${path!.slice(2)}.ts`)) chips.add(chip);
    if (!path!.startsWith('../../chips/')) continue;
    const exported: Record<string, unknown> = await import(target);
    for (const name of names!.split(',').map((word) => word.trim())) {
      const found = Object.values(CHIPS).find((chip) => chip === exported[name]);
      if (found !== undefined) chips.add(found.name);
    }
  }
  return [...chips].sort();
}

describe('the price list', () => {
  it('has every chip', () => {
    const priced = new Set(UNITS.flatMap(({ rows }) => Object.keys(rows)));
    expect(Object.keys(CHIPS).filter((chip) => !priced.has(chip))).toEqual([]);
    expect([...priced].filter((chip) => CHIPS[chip] === undefined)).toEqual([]);
  });

  it('has every opcode with each chip that its step may choose', async () => {
    const missing: string[] = [];
    for (const [op, opcode] of Object.entries(OPCODES)) {
      const { name, chip } = opcode!;
      const mine = UNITS.filter(({ opcodes }) => opcodes?.includes(name));
      if (!mine.some(({ rows }) => chip in rows)) missing.push(`${name}: ${chip}`);
      const file = await fileOfStep(STEPS[Number(op)]);
      const group = opcodesOf(file, await stepFiles());
      const priced = new Set(UNITS.filter(({ opcodes }) => opcodes?.some((one) => group.has(one))).flatMap(rowsOf));
      for (const other of await chipsOf(file)) if (!priced.has(other)) missing.push(`${name}: ${other}`);
    }
    // What halts a frame before its opcode is looked at.
    const all = new Set(UNITS.flatMap(rowsOf));
    for (const chip of await chipsOf('halt.ts')) if (!all.has(chip)) missing.push(`halt: ${chip}`);
    expect(missing).toEqual([]);
    expect(await chipsOf('jump.ts')).toEqual(['badjump', 'badjumpi', 'jump', 'jumpdest', 'jumpi']);
  });

  it('names each unit once', () => {
    const names = UNITS.map(({ name }) => name);
    expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
  });
});

describe('the bulk shapes', () => {
  it('have every chip that a unit makes rows of, each in one of them', () => {
    const homes = (chip: string) => BULK.filter((shape) => shape.chips[chip] !== undefined).length;
    const chips = Object.keys(CHIPS);
    expect(chips.filter((chip) => homes(chip) !== 1)).toEqual([]);
  });

  it('are all of the largest size of key set default, and fit it', () => {
    const { shapes } = readCounts();
    for (const { name } of BULK) {
      expect(shapes.default![name]!.constraints).toBeGreaterThan(2 ** 17);
      expect(shapes.default![name]!.constraints + 4).toBeLessThanOrEqual(2 ** 18);
    }
    const largest = Math.max(...Object.values(shapes.default!).map(({ constraints }) => constraints));
    expect(largest + 4).toBeLessThanOrEqual(2 ** 18);
  });

  it('are what npm run shapes solves from the counts', () => {
    expect(solveBulk(SOLVED_UNITS, readCounts().chips)).toEqual(BULK);
  });
});

describe('what work promises', () => {
  it('holds for every unit, opcode and budget', () => {
    expect(brokenPromises(BULK, RULES_V2)).toEqual([]);
  });

  it('is a proof for 262,000 work, and 4.3 work for a unit of L1 gas', () => {
    expect(PROOF_WORK).toBe(262_000);
    expect(WORK_PER_L1_GAS).toBeCloseTo(4.3, 1);
    const prices = pricesOf(BULK);
    for (const unit of UNITS.filter(({ work }) => Object.keys(work).length > 0)) {
      expect(workOf(unit, RULES_V2), unit.name).toBeGreaterThanOrEqual(priceOfRows(unit.rows, prices));
      expect(workOf(unit, RULES_V2), unit.name).toBeGreaterThanOrEqual(WORK_PER_L1_GAS * l1Gas(unit.l1));
    }
  });

  it('covers each step and the run by gas', () => {
    for (const opcode of Object.values(OPCODES)) {
      const { name, gas, work } = opcode!;
      if (name !== 'KECCAK256') expect(work, name).toBeLessThanOrEqual(WORK.gas * gas);
    }
    expect(WORK.run).toBeLessThanOrEqual(WORK.gas * 21_000);
    expect(BigInt(WORK.gas)).toBe(RULES_V2.w1);
  });

  it('has room for a transaction of 5.5M gas, 110 KB and 1,000 items', () => {
    const { gas, bytes, items } = budgetOf(RULES_V2);
    expect({ gas: gas >= WANTED.gas, bytes: bytes >= WANTED.bytes, items: items >= WANTED.items }).toEqual({
      ...{ gas: true, bytes: true, items: true },
    });
    expect(WANTED).toEqual({ gas: 5_500_000, bytes: 112_640, items: 1_000 });
  });

  it('is broken by whatever is charged too little, and says what', () => {
    const less = (over: Partial<typeof RULES_V2>) => brokenPromises(BULK, { ...RULES_V2, ...over }).join('\n');
    expect(less({ w0: RULES_V2.w0 / 2n })).toMatch(/transfer: .*charged \d+ \(w0\), costs \d+/);
    expect(less({ w2: 100n })).toMatch(/byte of an item: data: charged 100/);
    expect(less({ wAccess: 100_000n })).toMatch(/key of an access list/);
    expect(less({ workBudget: RULES_V2.workBudget / 2n })).toMatch(/budget: a transaction of \d+ gas, not 5500000/);
    expect(less({ maxBytes: 1 })).toMatch(/budget: 1 bytes/);
    expect(less({ maxItems: 1 })).toMatch(/budget: 1 items/);
    // A shape with one row of a chip in the place of many.
    const [first, ...rest] = BULK;
    const [chip] = Object.keys(first!.chips).filter((name) => name === 'bitwise' || first!.chips[name]! > 800);
    const thin = [{ ...first!, chips: { ...first!.chips, [chip!]: 1 } }, ...rest];
    expect(brokenPromises(thin, RULES_V2).join('\n')).toContain(chip!);
    // A chip in no shape at all.
    const { [chip!]: _, ...others } = first!.chips;
    expect(brokenPromises([{ ...first!, chips: others }, ...rest], RULES_V2).join('\n')).toContain('costs Infinity');
  });
});

it("an account is dearest in one of the places where a run is said to have its item's", () => {
  const prices = pricesOf(BULK);
  const dearest = Math.max(...DEAREST_ACCOUNTS.map(([, rows]) => priceOfRows(rows, prices)));
  for (const [place, rows] of [...ACCOUNT_PLACES, ...DEEP_ACCOUNT_PLACES]) {
    expect(priceOfRows(rows, prices), place).toBeLessThanOrEqual(dearest);
  }
});
