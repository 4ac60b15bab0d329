import { describe, expect, it } from 'vitest';
import type { Chip } from '../../src/chips/chip.js';
import { mainCircuit, readShapes, shapeInputs, shapesOf } from '../../src/proof/shapes.js';
import { TEST_CHIPS, TEST_SHAPES } from '../fixtures/test-chips.js';

const SPEC = TEST_SHAPES.tiny![0]!;

describe('shapesOf', () => {
  const sets = (chips: Record<string, number>, name = 'a') => ({ set: [{ name, chips }] });

  it('accepts the shapes of the project', () => {
    for (const name of Object.keys(readShapes())) expect(shapesOf(name).length).toBeGreaterThan(0);
  });

  it('refuses unknown key sets and chips', () => {
    expect(() => shapesOf('toString', {}, TEST_CHIPS)).toThrow(expect.objectContaining({ code: 'SHAPE_UNKNOWN' }));
    expect(() => shapesOf('set', sets({ nothing: 1 }), TEST_CHIPS)).toThrow(/no chip "nothing"/);
  });

  it.each([
    ['no rows', sets({ mark: 0 })],
    ['half a row', sets({ mark: 1.5 })],
    ['no chips', sets({})],
    ['a name that is no file name', sets({ mark: 1 }, '../a')],
    ['no shapes', { set: [] }],
    ['too many shapes', { set: Array.from({ length: 257 }, (_, i) => ({ name: `a${i}`, chips: { mark: 1 } })) }],
    ['the same name twice', { set: [...sets({ mark: 1 }).set, ...sets({ mark: 2 }).set] }],
  ])('refuses %s', (_what, shapes) => {
    expect(() => shapesOf('set', shapes, TEST_CHIPS)).toThrow(expect.objectContaining({ code: 'SHAPE_INVALID' }));
  });
});

describe('readShapes', () => {
  const [small] = readShapes().test!;

  it('puts the shapes of default in the place of their names', () => {
    const text = JSON.stringify({ default: [small], other: [{ ...small, name: 'own' }, small!.name] });
    expect(readShapes(text).other).toEqual([{ ...small, name: 'own' }, small]);
  });

  it('refuses the name of a shape that default does not have', () => {
    for (const sets of [{ default: [small], other: ['none'] }, { default: ['small'] }, { other: ['small'] }])
      expect(() => readShapes(JSON.stringify(sets))).toThrow(expect.objectContaining({ code: 'SHAPE_UNKNOWN' }));
  });

  it('gives key set large what default has, and code twice as large', () => {
    const { default: usual, large } = readShapes();
    const code = usual!.find(({ name }) => name === 'code')!.chips;
    const twice = Object.entries(code).map(([chip, rows]) => [
      chip,
      ['tables', 'bits'].includes(chip) ? rows : 2 * rows,
    ]);
    expect(large).toEqual([...usual!, { name: 'code-large', chips: Object.fromEntries(twice) }]);
  });
});

describe('mainCircuit', () => {
  it('declares one array per chip and wires every cell in order', () => {
    const source = mainCircuit(SPEC, TEST_CHIPS);
    expect(source).toContain('signal input rows_mark[5][6];');
    expect(source).toContain('signal input rows_sink_any[3][2];');
    expect(source).toContain('row_mark[i].z[1] <== rows_mark[i][4];');
    expect(source).toContain('row_mark[i].m <== rows_mark[i][5];');
    expect(source).toContain('component main {public [alpha, beta]} = Main();');
  });

  it('includes a file of several chips once', () => {
    const variant = { ...TEST_CHIPS.mark, name: 'mark2' } as Chip;
    const source = mainCircuit({ name: 'a', chips: { mark: 1, mark2: 1 } }, { ...TEST_CHIPS, mark2: variant });
    expect(source.match(/circuits\/mark\.circom/g)).toHaveLength(1);
  });
});

describe('shapeInputs', () => {
  it('fills up with padding, in the order of the shape', () => {
    const row = { en: 1n, x: 2n, y: 3n, z: [4n, 5n], m: 6n };
    const { signals, cells } = shapeInputs(SPEC, { 'sink.any': [{ x: 8n, m: 9n }], mark: [row] }, TEST_CHIPS);
    expect(signals.rows_mark).toHaveLength(5);
    expect(signals.rows_mark![0]).toEqual([1n, 2n, 3n, 4n, 5n, 6n]);
    expect(cells).toHaveLength(36);
    expect(cells.slice(0, 7)).toEqual([1n, 2n, 3n, 4n, 5n, 6n, 0n]);
    expect(cells.slice(30)).toEqual([8n, 9n, 0n, 0n, 0n, 0n]);
  });

  it('refuses more rows than there is room for, and chips that are not in the shape', () => {
    const rows = (n: number) => Array.from({ length: n }, () => ({ x: 0n, m: 0n }));
    expect(() => shapeInputs(SPEC, { 'sink.any': rows(4) }, TEST_CHIPS)).toThrow(
      expect.objectContaining({
        code: 'SHAPE_OVERFLOW',
        message: expect.stringContaining('3 rows of sink.any, not 4'),
      }),
    );
    expect(() => shapeInputs(TEST_SHAPES.tiny![1]!, { mark: rows(1) }, TEST_CHIPS)).toThrow(
      expect.objectContaining({ code: 'SHAPE_OVERFLOW' }),
    );
  });
});
