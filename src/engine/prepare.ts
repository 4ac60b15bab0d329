import { join } from 'node:path';
import { type Artifact, type ArtifactStore, changed, hashFile, NOT_BUILT, type WriteFile } from '../build/artifacts.js';
import { readSectionsOf } from '../build/binfile.js';
import { type R1cs, readR1cs } from '../build/r1cs.js';
import { KeyError } from '../errors/proof.js';
import { Kernel } from './kernel.js';
import { planOf } from './plan.js';
import { writePlan } from './plan-file.js';
import { type Group, POINT } from './points.js';
import {
  type KeyNames,
  listBytes,
  PART_HEAD,
  PARTS,
  type PartName,
  PREPARED,
  preparedAddress,
} from './prepared-key.js';

/** Sections of a zkey: snarkjs' numbers; 20 is this project's, the bases of the commitment, then [gamma2]_2. */
const HEADER = 2;
const SECTIONS = { A: 5, B1: 6, B2: 7, C: 8, H: 9, K: 20 } as const satisfies Record<PartName, number>;
/** Of the header: u32 32, q, u32 32, r, u32 wires, publics, domain, then alpha1 beta1 beta2 gamma2 delta1 delta2. */
const WIRES_AT = 72;
const POINTS_AT = 84;

/**
 * Makes the prepared key of a zkey and the r1cs that it is for, unless the cache has it. Some seconds for 2^18 constraints.
 * @throws ArtifactError `ARTIFACT_CHANGED` when a file is not the one that is named; KeyError `KEY_FORMAT` when they do not belong together; CircuitError `CIRCUIT_UNSOLVED`
 */
export function prepareKey(
  names: KeyNames,
  paths: { readonly zkey: string; readonly r1cs: string },
  store: ArtifactStore,
): Promise<Artifact> {
  return store.build(PREPARED, preparedAddress(names), async (folder, write) => {
    const r1cs = await readR1cs(paths.r1cs);
    await write(join(folder, 'plan'), [writePlan(planOf(r1cs))]);
    await writePoints(paths.zkey, r1cs, folder, write);
    // Behind what was read of them.
    await assertHash(paths.zkey, names.zkeyHash);
    await assertHash(paths.r1cs, names.r1csHash);
    return {};
  });
}

async function assertHash(path: string, expected: string): Promise<void> {
  if ((await hashFile(path)) !== expected) throw changed(path, NOT_BUILT);
}

async function writePoints(zkey: string, { wires, publics }: R1cs, folder: string, write: WriteFile): Promise<void> {
  const kernel = new Kernel();
  const [header] = (await readSectionsOf(zkey, 'zkey', [HEADER])) as [Buffer];
  const [ofWires, ofPublics] = [header.readUInt32LE(WIRES_AT), header.readUInt32LE(WIRES_AT + 4)];
  if (ofWires !== wires || ofPublics !== publics) {
    const counts = `${ofWires} wires, ${ofPublics} public, not ${wires} and ${publics}`;
    throw new KeyError('KEY_FORMAT', `${zkey} is the key of another circuit: it has ${counts}.`);
  }
  const { g1, g2 } = POINT;
  const at = (offset: number, bytes: number) => header.subarray(POINTS_AT + offset, POINTS_AT + offset + bytes);
  const inG1 = Buffer.concat([at(0, 2 * g1), at(2 * g1 + 2 * g2, g1)]);
  const inG2 = Buffer.concat([at(2 * g1, g2), at(3 * g1 + 2 * g2, g2)]);
  await write(join(folder, 'head'), [packed(kernel, 'g1', inG1), packed(kernel, 'g2', inG2)]);
  for (const [name, { group, ofWires }] of Object.entries(PARTS)) {
    const size = POINT[group];
    const [section] = (await readSectionsOf(zkey, 'zkey', [SECTIONS[name as PartName]])) as [Buffer];
    const points = name === 'K' ? section.subarray(0, section.length - g2) : section;
    const kept = ofWires ? finite(points, size) : undefined;
    const count = kept?.length ?? points.length / size;
    const head = Buffer.alloc(PART_HEAD + (kept === undefined ? 0 : listBytes(count)));
    head.writeUInt32LE(count);
    // Section C begins with the first wire that is not public.
    const first = name === 'C' ? publics + 1 : 0;
    for (const [i, wire] of kept?.entries() ?? []) head.writeUInt32LE(first + wire, PART_HEAD + 4 * i);
    await write(join(folder, name), [head, packed(kernel, group, kept ? selected(points, size, kept) : points)]);
  }
}

/** Numbers of the points that are not infinity. */
function finite(points: Buffer, size: number): readonly number[] {
  const found: number[] = [];
  for (let i = 0; i < points.length / size; i++) {
    for (let at = i * size; at < (i + 1) * size; at += 8) {
      if (points.readUInt32LE(at) === 0 && points.readUInt32LE(at + 4) === 0) continue;
      found.push(i);
      break;
    }
  }
  return found;
}

function selected(points: Buffer, size: number, kept: readonly number[]): Buffer {
  const result = Buffer.allocUnsafe(kept.length * size);
  for (const [i, from] of kept.entries()) points.copy(result, i * size, from * size, (from + 1) * size);
  return result;
}

/** Points of a zkey in the kernel's form. */
function packed(kernel: Kernel, group: Group, points: Buffer): Buffer {
  const mark = kernel.mark();
  const at = kernel.put(points);
  kernel.call[`${group}_from_montgomery256`](at, at, points.length / POINT[group]);
  const result = Buffer.from(kernel.view(at, points.length));
  kernel.release(mark);
  return result;
}
