import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type R1cs, readR1cs } from '../../build/r1cs.js';
import { inverse, R } from '../../bus/field.js';
import { littleEndian } from '../../bus/little-endian.js';
import { Kernel } from '../../engine/kernel.js';
import { P } from '../points.js';
import { FixedBase } from './fixed-base.js';
import { coefficientSection, Qap, type Scalars } from './qap.js';
import { developmentTrapdoors, type Trapdoors } from './seeds.js';

/** All sections of a key, in two halves that cost about the same. */
const HALVES = [
  [1, 2, 3, 4, 5, 9, 10],
  [6, 7, 8, 20],
];
/** Below this many wires, starting a second process costs more than it saves. */
const SMALL = 1 << 13;

/** Which sections are computed together, in a process of their own: as lists of section ids. */
export function partsOf(wires: number): readonly (readonly number[])[] {
  return wires < SMALL ? [HALVES.flat()] : HALVES;
}

/** One part of one shape's set-up, as sent to the child process. */
export interface PartInput {
  readonly r1cs: string;
  /** Private inputs that are committed: all of them (`inputs.ts`). */
  readonly committed: number;
  /** Name of the shape's trapdoors (`seeds.ts`). */
  readonly seed: string;
  /** Ids of the sections to compute. */
  readonly sections: readonly number[];
  /** Folder for the section files. */
  readonly folder: string;
}

/** The one section of points in G2, and what such a point costs in terms of one in G1. */
const G2_SECTION = 7;
const G2_COST = 3;

/** File of a section on the way to its zkey. */
export function sectionFile(folder: string, id: number): string {
  return join(folder, `section-${id}.bin`);
}

/**
 * Computes some sections of a development zkey (snarkjs' format, section ids in the comments below) and writes a file for
 * each. Beyond plain Groth16, the committed wires have infinity in section 8 and bases of their own under gamma2 in
 * section 20: their K, then [gamma2]_2 (design after MIRAGE and LegoGroth16). `progress` gets values from 0 to 1.
 */
export async function computePart(input: PartInput, progress: (done: number) => void): Promise<void> {
  const r1cs = await readR1cs(input.r1cs);
  const trapdoors = developmentTrapdoors(input.seed);
  const kernel = new Kernel();
  const qap = new Qap(kernel, r1cs, trapdoors.tau);
  const ids = input.sections;
  const scalars = Object.fromEntries(ids.map((id) => [id, scalarsOf(id, r1cs, qap, trapdoors, input.committed)]));
  const pointsIn = (id: number) => scalars[id]?.count ?? 0;
  const inG1 = ids.reduce((sum, id) => sum + (id === G2_SECTION ? 0 : pointsIn(id)), 0);
  const inG2 = ids.includes(G2_SECTION) ? pointsIn(G2_SECTION) : 0;
  const total = inG1 + G2_COST * inG2;
  let done = 0;
  const report = (weight: number) => (points: number) => {
    done += points * weight;
    progress(done / total);
  };
  const g1 = new FixedBase(kernel, 'g1', inG1);
  const g2 = new FixedBase(kernel, 'g2', inG2);
  for (const id of ids) {
    let bytes: Buffer;
    if (id === 1) bytes = u32(1);
    else if (id === 2) bytes = await header(r1cs, qap.power, trapdoors, g1, g2);
    else if (id === 4) bytes = coefficientSection(r1cs);
    else if (id === 10)
      bytes = Buffer.alloc(68); // no contributions
    else if (id === G2_SECTION) bytes = await g2.multiply(scalars[id]!, report(G2_COST));
    else bytes = await g1.multiply(scalars[id]!, report(1));
    if (id === 8) bytes = Buffer.concat([Buffer.alloc(g1.pointBytes * input.committed), bytes]);
    if (id === 20) bytes = Buffer.concat([bytes, await g2.multiples([trapdoors.gamma2])]);
    await writeFile(sectionFile(input.folder, id), bytes);
  }
}

/** Discrete logarithms of a section's points, but for section 8's leading infinities; undefined for one that has none. */
function scalarsOf(
  id: number,
  { wires, publics }: R1cs,
  qap: Qap,
  trapdoors: Trapdoors,
  committed: number,
): Scalars | undefined {
  const firstCommitted = publics + 1;
  const firstOther = firstCommitted + committed;
  if (id === 3) return qap.combined(trapdoors, 0, firstCommitted); // IC, under gamma = 1
  if (id === 5) return qap.a();
  if (id === 6 || id === G2_SECTION) return qap.b();
  if (id === 20) return qap.combined(trapdoors, firstCommitted, firstOther, inverse(trapdoors.gamma2));
  const byDelta = inverse(trapdoors.delta);
  if (id === 8) return qap.combined(trapdoors, firstOther, wires, byDelta);
  return id === 9 ? qap.h(byDelta) : undefined;
}

async function header(r1cs: R1cs, power: number, t: Trapdoors, g1: FixedBase, g2: FixedBase): Promise<Buffer> {
  const [alpha1, beta1, delta1] = [
    await g1.multiples([t.alpha]),
    await g1.multiples([t.beta]),
    await g1.multiples([t.delta]),
  ];
  const [beta2, one2, delta2] = [await g2.multiples([t.beta]), await g2.multiples([1n]), await g2.multiples([t.delta])];
  return Buffer.concat([
    ...[u32(32), word(P), u32(32), word(R)],
    ...[u32(r1cs.wires), u32(r1cs.publics), u32(2 ** power)],
    ...[alpha1, beta1, beta2, one2, delta1, delta2],
  ]);
}

function u32(x: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(x);
  return bytes;
}

function word(x: bigint): Buffer {
  const bytes = Buffer.alloc(32);
  littleEndian(x, bytes);
  return bytes;
}
