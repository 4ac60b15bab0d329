import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ArtifactStore } from '../../src/build/artifacts.js';
import { type DevelopmentKeys, readDevelopment } from '../../src/proof/development.js';
import {
  buildKeySet,
  buildShapes,
  developmentKeys,
  type KeySetOptions,
  type KeySetProgress,
  loadKeySet,
} from '../../src/proof/keyset.js';
import type { ShapeSpec } from '../../src/proof/types.js';
import { temporaryFolder } from '../fixtures/proof/pipeline.js';
import { TEST_CHIPS, TEST_SHAPES } from '../fixtures/test-chips.js';

const [first, second] = TEST_SHAPES.tiny as [ShapeSpec, ShapeSpec];
const bulk: ShapeSpec = { ...second, bulk: true };
const SHAPES = { tiny: [first, bulk], other: [bulk, { ...first, name: 'own' }] };

let folder: ReturnType<typeof temporaryFolder>;
let options: KeySetOptions & { readonly store: ArtifactStore };
let keys: DevelopmentKeys;
const whole = { shapes: SHAPES, chips: TEST_CHIPS };
beforeAll(async () => {
  keys = { version: 1, ...(await developmentKeys('tiny', whole)) } as DevelopmentKeys;
});
beforeEach(() => {
  folder = temporaryFolder();
  options = { ...whole, development: keys, store: new ArtifactStore(folder.path) };
});
afterEach(() => folder.remove());

describe('a bulk shape', () => {
  it('is not built with its key set, which is the same as with all of it built', async () => {
    const steps: KeySetProgress[] = [];
    const built = await buildKeySet('tiny', { ...options, onProgress: (step) => steps.push(step) });
    expect([...new Set(steps.map(({ shape }) => shape))]).toEqual([first.name, 'chips']);
    const [, lazy] = built.shapes;
    for (const path of [lazy!.zkey, lazy!.r1cs]) expect(existsSync(path)).toBe(false);
    const whole = await buildKeySet('tiny', { shapes: TEST_SHAPES, chips: TEST_CHIPS });
    expect(built.hash).toBe(whole.hash);
    expect((await loadKeySet('tiny', options)).hash).toBe(whole.hash);
    expect(built.development).toBe(true);
    const { constraints, domain, committed, key } = whole.shapes[1]!;
    expect(lazy).toMatchObject({ id: 1, constraints, domain, committed, key });
  });

  it('is built when a batch needs it, where its key set says', async () => {
    const { shapes } = await buildKeySet('tiny', options);
    const steps: string[] = [];
    await buildShapes('tiny', [0, 1], { ...options, onProgress: ({ step, shape }) => steps.push(`${step} ${shape}`) });
    expect([...new Set(steps)]).toEqual([`link ${bulk.name}`, 'compile chips', `setup ${bulk.name}`]);
    for (const path of [shapes[1]!.zkey, shapes[1]!.r1cs]) expect(existsSync(path)).toBe(true);
  });

  it('has the keys of the key set that it is taken from', async () => {
    const { shapes } = await buildKeySet('other', options);
    expect(shapes[0]!.key).toEqual(
      (await loadKeySet('tiny', { ...options, store: new ArtifactStore() })).shapes[1]!.key,
    );
  });

  it('has no place beside keys of a ceremony', async () => {
    const { shapes } = await buildKeySet('tiny', options);
    const manifest = join(dirname(shapes[0]!.zkey), 'manifest.json');
    const text = readFileSync(manifest, 'utf8');
    writeFileSync(manifest, text.replace('"development": true', '"development": false'));
    await expect(loadKeySet('tiny', options)).rejects.toMatchObject({
      code: 'KEY_DEVELOPMENT_ONLY',
      message: expect.stringContaining('a real key set needs the keys of all its shapes'),
    });
  });

  it('has its keys in a file that is read as it was written, or refused', () => {
    const path = join(folder.path, 'development.json');
    expect(readDevelopment(path)).toBeUndefined();
    const text = JSON.stringify(keys);
    writeFileSync(path, text);
    expect(readDevelopment(path)).toEqual(keys);
    const [{ delta, r1cs }] = Object.values(keys.shapes) as [DevelopmentKeys['shapes'][string]];
    const damaged = [
      text.slice(0, -1),
      '{}',
      text.replace(delta, delta.slice(0, -2)),
      text.replace(r1cs, `../${r1cs}`),
      text.replace('"alpha1"', '"alpha"'),
      text.replace('"domain":', '"domain":-'),
    ];
    for (const [i, wrong] of damaged.entries()) {
      writeFileSync(path, wrong);
      expect(() => readDevelopment(path), `${i}`).toThrow(
        expect.objectContaining({ code: 'KEY_FORMAT', message: expect.stringContaining('check it out again') }),
      );
    }
  });

  it('is refused when the circuits are not those whose keys are committed', async () => {
    const [owner] = Object.keys(keys.shapes) as [string];
    const changed = (change: object) => ({
      ...options,
      development: { ...keys, shapes: { [owner]: { ...keys.shapes[owner]!, ...change } } },
    });
    for (const other of [{ ...options, development: undefined }, changed({ circuit: 'of other sources' })]) {
      await expect(buildKeySet('tiny', other)).rejects.toMatchObject({
        code: 'KEY_NOT_COMMITTED',
        message: expect.stringContaining('npm run shapes'),
      });
    }
    const version = { ...options, development: { ...keys, version: 0 } };
    await expect(buildKeySet('tiny', version)).rejects.toMatchObject({ code: 'KEY_NOT_COMMITTED' });
    for (const change of [{ r1cs: 'another' }, { constraints: 1 }, { delta: first.name }]) {
      await expect(buildShapes('tiny', [1], changed(change))).rejects.toMatchObject({
        code: 'KEY_CHANGED',
        message: expect.stringContaining('npm run shapes'),
      });
    }
  });
});
