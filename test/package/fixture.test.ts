import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseBatchFile } from '../../src/batch/batch-file.js';
import { packageRoot } from '../../src/build/package-root.js';
import { verifyBundle } from '../../src/l1/verify-bundle.js';
import { parseBundle } from '../../src/proof/bundle-file.js';
import { checkExpected } from '../../src/proof/expected.js';
import { parseKeys } from '../../src/proof/keys-file.js';
import { buildKeySet } from '../../src/proof/keyset.js';

const read = (name: string) => readFileSync(join(packageRoot(), 'fixtures', name), 'utf8');

/** What is to be done when the fixture is not of circuits and rules as they are now. */
const STALE = 'fixtures/ is stale, as circuits or rules have changed: run "npm run fixture" and commit it';

describe('the fixture for contract tests', () => {
  it('has the keys of this key set and its rules', async () => {
    const keys = await parseKeys(read('keys.json'));
    expect(keys.hash, STALE).toBe((await buildKeySet('test')).hash);
    expect(parseBundle(read('bundle.json')).keySetHash, STALE).toBe(keys.hash);
  });

  it('verifies, and is about its batch', async () => {
    const keys = await parseKeys(read('keys.json'));
    const bundle = parseBundle(read('bundle.json'));
    checkExpected(bundle, { batch: parseBatchFile(read('batch.json')).batch, l1ChainId: 31_337n });
    await verifyBundle(bundle, keys, keys.rules);
  });
});
