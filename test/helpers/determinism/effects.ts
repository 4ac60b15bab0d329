import { fromLimbs, mod } from '../../../src/bus/field.js';
import { fieldsOf, LAYOUT, type TupleName } from '../../../src/bus/layout.js';
import { keyOf, type Term } from '../../../src/bus/tuple.js';
import { addressmask } from '../../../src/chips/addressmask.js';
import { push } from '../../../src/chips/push.js';
import { OP } from '../../../src/evm/opcodes.js';
import { termsOf } from '../execution-bus.js';
import type { Net } from './assignment.js';
import { centred } from './knowledge.js';
import { CHAIN, type Moment } from './moments.js';

interface Entry {
  readonly name: TupleName;
  readonly weight: bigint;
  readonly field: (name: string) => bigint;
}

/** Judges what a row does at a moment against what the honest row does there. */
export function judgeOf(moment: Moment): (net: Net) => 'expected' | 'harmless' | 'other' {
  const { row, received } = moment;
  const honest = entriesOf(netOf(termsOf(row)));
  const expected = effectOf(honest, moment);
  const first = firstStep(moment);
  const births = honest.filter(({ name, weight }) => name === 'MEMNEW' && weight === 1n);
  const isOver = row.chip === 'txend' && received.values[fieldsOf('END').indexOf('ok')] === 0n;
  return (net) => {
    const entries = entriesOf(net);
    const effect = effectOf(entries, moment);
    if (effect === expected) return 'expected';
    // One step after the other says the same in the end (test/chips/addressmask).
    if (effect === first) return 'harmless';
    if (entries.some((entry) => isBarred(entry, entries, births, isOver))) return 'harmless';
    const walk = received.name === 'EXEC' ? sentOf(entries, ['COPY']) : undefined;
    if (walk === undefined) return 'other';
    // No row walks through other words than those in memory; the same hash may be walked through that could have been had at once.
    if (!isInMemory(walk, moment)) return 'harmless';
    const rest = shortened(entries, walk);
    return rest !== undefined && effectOf(rest, moment) === expected ? 'harmless' : 'other';
  };
}

/** What the first step does, where the honest row is several steps: the first of `addressmask` is a PUSH1 of 1. */
function firstStep(moment: Moment): string | undefined {
  const { row, received } = moment;
  if (row.chip !== addressmask.name) return undefined;
  const cells = { en: 1n, exec: received.values, op: BigInt(OP.PUSH1), hi: 0n, lo: 1n };
  return effectOf(entriesOf(netOf(push.terms(cells))), moment);
}

function netOf(terms: readonly Term[]): Net {
  const net = new Map<string, bigint>();
  for (const { weight, tuple } of terms) {
    if (LAYOUT[tuple.name].class !== 'linear') continue;
    const key = keyOf(tuple);
    net.set(key, mod((net.get(key) ?? 0n) + weight));
  }
  return net;
}

/** An effect in words, for a failure's message. */
export function textOf(net: Net): string {
  return [...net].map(([key, weight]) => `${centred(weight)} ${key}`).join('; ');
}

function entriesOf(net: Net): Entry[] {
  return [...net]
    .filter(([, weight]) => weight !== 0n)
    .map(([key, weight]) => {
      const [name, values] = key.split(':') as [TupleName, string];
      const fields = fieldsOf(name);
      const numbers = values.split(',').map(BigInt);
      const field = (wanted: string): bigint => {
        const at = fields.indexOf(wanted);
        if (at < 0) throw new Error(`${name} has no field ${wanted}`);
        return numbers[at]!;
      };
      return { name, weight: centred(weight), field };
    });
}

/**
 * What a row does, without what leaves the state as it is: an access to a word of memory that keeps its value and, when the frame ends, what
 * it takes from its stack and leaves there, and slots that it only touches.
 */
function effectOf(entries: readonly Entry[], moment: Moment): string {
  const end = sentOf(entries, ['END']);
  const isIdle = (entry: Entry): boolean => {
    const { name, weight, field } = entry;
    if (name === 'STACK') return end !== undefined && field('call') === end.field('call');
    if (name !== 'MEM' && (name !== 'SLOT' || end === undefined)) return false;
    return entries.some((other) => {
      if (other.name !== name || other.weight !== -weight) return false;
      const [old, sent] = weight === 1n ? [other, entry] : [entry, other];
      return isDuring(sent, entries, moment) && (name === 'MEM' ? isKept(old, sent) : isTouched(old, sent, moment));
    });
  };
  const lines = entries.filter((entry) => !isIdle(entry));
  return lines
    .map(({ name, weight, field }) => `${weight} ${name} ${fieldsOf(name).map(field).join()}`)
    .sort()
    .join('\n');
}

/** The one tuple of these names that is sent. */
function sentOf(entries: readonly Entry[], names: readonly TupleName[]): Entry | undefined {
  return entries.find(({ name, weight }) => names.includes(name) && weight === 1n);
}

/** Whether the tuple's time is one of the row's own: up to that of what follows, and one alone where nothing does. */
function isDuring(entry: Entry, entries: readonly Entry[], { received }: Moment): boolean {
  const [now, ts] = [received.values[0]!, entry.field('ts')];
  return now <= ts && ts < (sentOf(entries, CHAIN)?.field('ts') ?? now + 1n);
}

function agree(a: Entry, b: Entry, fields: readonly string[]): boolean {
  return fields.every((field) => a.field(field) === b.field(field));
}

function isKept(old: Entry, sent: Entry): boolean {
  return agree(old, sent, ['call', 'word', 'hi', 'lo']);
}

/** The slot is as an access leaves it that changes nothing: `circuits/lib/slot.circom`. */
function isTouched(old: Entry, sent: Entry, { received, around }: Moment): boolean {
  const call = received.values[fieldsOf(received.name).indexOf('call')];
  const frame = around.entries('FRAME').find((values) => values[fieldsOf('FRAME').indexOf('call')] === call);
  if (!agree(old, sent, ['addr', 'keyHi', 'keyLo', 'curHi', 'curLo'])) return false;
  const tx = frame?.[fieldsOf('FRAME').indexOf('tx')];
  const isFirst = old.field('tx') !== tx;
  return (
    sent.field('tx') === tx &&
    sent.field('warm') === 1n &&
    sent.field('origHi') === old.field(isFirst ? 'curHi' : 'origHi') &&
    sent.field('origLo') === old.field(isFirst ? 'curLo' : 'origLo')
  );
}

/** What no other row takes, by an argument over several rows; `births`: words that only the row's own expansion brings. */
function isBarred(
  { name, weight, field }: Entry,
  all: readonly Entry[],
  births: readonly Entry[],
  isOver: boolean,
): boolean {
  // A tuple is there once.
  if (weight < -1n) return true;
  // Gas below zero has no end: circuits/lib/step.circom, gas.
  if (name === 'EXEC' && weight === 1n) return centred(field('gas')) < 0n;
  // No word is left: circuits/chips/keccak256.circom, 1.
  if (name === 'COPY' && weight === 1n) return centred(field('left')) <= 0n;
  // Undone below the frame's own writes: circuits/chips/undo.circom, 2.
  if (name === 'END' && weight === 1n) return isOver && field('ok') === 0n;
  // A word is born only by an expansion: circuits/lib/memory.circom, 1.
  if (name !== 'MEM' || weight !== -1n) return false;
  const isBornBy = (one: Entry) =>
    one.field('ts') === field('ts') &&
    one.field('call') === field('call') &&
    one.field('from') <= field('word') &&
    field('word') < one.field('to');
  const own = all.filter((one) => one.name === 'MEMNEW' && one.weight === 1n);
  return births.some(isBornBy) && !own.some(isBornBy);
}

/** What a row does that sends a walk through a hash's input, had it the hash at once; undefined when the walk is not this step's own. */
function shortened(entries: readonly Entry[], walk: Entry): Entry[] | undefined {
  const [next, call] = [sentOf(entries, ['EXEC']), walk.field('fromId')];
  const words = (walk.field('left') + 31n) / 32n;
  if (next === undefined || next.field('ts') !== walk.field('ts') + words) return undefined;
  if (walk.field('to') !== 0n || next.field('call') !== call) return undefined;
  const atOnce = (field: string) => (field === 'ts' ? walk.field('ts') : next.field(field));
  return entries.filter((one) => one !== walk).map((one) => (one === next ? { ...next, field: atOnce } : one));
}

/** Whether what is left of a hash's input, by L1's words of it, stands in memory. */
function isInMemory({ field }: Entry, { received, around }: Moment): boolean {
  const [from, left] = [Number(field('from')), Number(field('left'))];
  const now = received.values[0]!;
  const words = new Map(
    around
      .live('MEM')
      .filter(([ts, call]) => call === field('fromId') && ts! < now)
      .map(([, , word, hi, lo]) => [Number(word), bytesOf(hi!, lo!)]),
  );
  const memory = (at: number) => words.get(Math.floor(at / 32))?.[at % 32] ?? 0;
  const input = around.entries('KWORD').filter(([, id]) => id === field('toId'));
  const first = Number(field('to')) / 32;
  if (left > 32 * input.length) return false;
  return Array.from({ length: left }, (_, i) => i).every((i) => {
    const entry = input.find(([word]) => Number(word) === first + Math.floor(i / 32));
    return entry !== undefined && bytesOf(entry[2]!, entry[3]!)[i % 32] === memory(from + i);
  });
}

function bytesOf(hi: bigint, lo: bigint): Uint8Array {
  return Buffer.from(fromLimbs(hi, lo).toString(16).padStart(64, '0'), 'hex');
}
