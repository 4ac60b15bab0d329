/** Rows by chip. */
export type Rows = Readonly<Record<string, number>>;

/**
 * How far somebody may bend a trie. Keys are hashes, so where a key stands is bought with hashing; these bounds are 2^64 hashes
 * for one key, and 2^48 keys kept: sharing 16 nibbles with a given key, so that a node stands at each of 16 places on its path; and by birthdays two
 * keys that share 32 nibbles, which only those two do.
 */
const CHAIN = 16;
const PAIR = 32;
/** With an extension of one nibble before each branch: stairs. */
const STAIRS = CHAIN / 2;
/**
 * A key may also lie on the path that happens to have most nodes among 2^48 keys that somebody keeps: n keys share d nibbles with a
 * given one n / 16^d times, so one of them has a branch at every place down to 16, or at every other one down to 18, with extensions between.
 */
const DEEP = { branches: { branch: 17, ext: 0 }, stairs: { branch: 10, ext: 9 } } as const;

/** The chips of a kind of leaf. */
interface Kind {
  readonly leaf: string;
  readonly open: string;
  readonly nokey: string;
}

/** A worst place, and the rows of a key there. */
export type Place = readonly [name: string, rows: Rows];

/**
 * Rows of one key in the worst places of a trie; which is the dearest is up to the prices. It changes (mode root): the nodes of its path on
 * both sides, its leaf on both, and what moves out of its way. It is only read (mode diff, or unchanged): the nodes of its path once,
 * and what stands at its end.
 */
function placesOf({ leaf, open, nokey }: Kind, end: Rows): Readonly<Record<'changed' | 'read' | 'deep', Place[]>> {
  // A leaf beside it is pushed down, or comes up, from where the path ends to where the two part: a row for each nibble, then a branch
  // that is on one side alone, with an extension before it.
  const pushed = (from: number, branches: number, exts: number): Rows => ({
    branch: 2 * branches + 1,
    ext: 2 * exts + 1,
    [open]: PAIR + 1 - from,
    [leaf]: 2,
  });
  // An extension beside it is split: through it, its rest and the part before the new branch, or by one nibble off its head; the branch
  // below it is looked up, though nothing else needs it.
  const split = (branches: number, exts: number): Rows => ({
    branch: 2 * branches + 2,
    ext: 2 * exts + 3,
    open2: 1,
    [leaf]: 2,
  });
  const along = (branches: number, exts: number, last: Rows): Rows => ({ branch: branches, ext: exts, ...last });
  const changed: Place[] = [
    ['a leaf beside it moves, below branches', pushed(CHAIN, CHAIN, 0)],
    ['a leaf beside it moves, below stairs', pushed(CHAIN, STAIRS, STAIRS)],
    ['a leaf beside it moves, below stairs from a branch', pushed(CHAIN - 1, STAIRS, STAIRS - 1)],
    ['a leaf beside it moves, from the root', pushed(0, 0, 0)],
    ['an extension beside it is split, below branches', split(CHAIN, 0)],
    ['an extension beside it is split, below stairs', split(STAIRS, STAIRS)],
  ];
  // A key that is there may have a branch with the one that it shares most with; of one that is not, that is where its path ends.
  const read = (
    [
      ['it is there', { [leaf]: 1 }, 1],
      ['another leaf is there', { [nokey]: 1 }, 0],
      ['an extension is there', { void: 1 }, 0],
    ] as const
  ).flatMap(([what, last, further]): Place[] => [
    [`${what}, below branches`, along(CHAIN + further, further, last)],
    [`${what}, below stairs`, along(STAIRS + further, STAIRS + further, last)],
  ]);
  const deep: Place[] = [
    ['another leaf is there, deep below branches', along(DEEP.branches.branch, DEEP.branches.ext, { [nokey]: 1 })],
    ['another leaf is there, deep below stairs', along(DEEP.stairs.branch, DEEP.stairs.ext, { [nokey]: 1 })],
    ['an extension is there, deep below stairs', along(DEEP.stairs.branch, DEEP.stairs.ext, { void: 1 })],
  ];
  const ended = (places: readonly Place[]) => places.map(([name, rows]): Place => [name, { ...rows, ...end }]);
  return { changed: ended(changed), read: ended(read), deep: ended(deep) };
}

/** A slot: its key in the trie of its account, and the end of its cell. */
const SLOT = placesOf({ leaf: 'slotleaf', open: 'open4', nokey: 'nokey4' }, { slotend: 1 });
/** An account: its key in the trie of accounts, and the end of its cell. */
const ACCOUNT = placesOf({ leaf: 'accountleaf', open: 'open8', nokey: 'nokey8' }, { cellend: 1 });

export const SLOT_PLACES: readonly Place[] = [...SLOT.changed, ...SLOT.read];
/** Of a slot that is only read. */
export const READ_SLOT_PLACES: readonly Place[] = SLOT.read;
export const ACCOUNT_PLACES: readonly Place[] = [...ACCOUNT.changed, ...ACCOUNT.read];

/** Deeper places of what is only read: what is charged covers them, the bulk shapes are not solved for them. */
export const DEEP_SLOT_PLACES: readonly Place[] = SLOT.deep;
export const DEEP_ACCOUNT_PLACES: readonly Place[] = ACCOUNT.deep;

/** The rows of several things together, or of one several times. */
export function together(...parts: readonly (Rows | readonly [times: number, rows: Rows])[]): Rows {
  const sum: Record<string, number> = {};
  for (const part of parts) {
    const [times, rows] = Array.isArray(part) ? (part as [number, Rows]) : [1, part as Rows];
    for (const [chip, count] of Object.entries(rows)) sum[chip] = (sum[chip] ?? 0) + times * count;
  }
  return sum;
}
