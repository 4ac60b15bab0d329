import { mod, R } from '../../../src/bus/field.js';
import type { TraceRow } from '../../../src/chips/chip.js';
import { poseidon } from '../../../src/engine/poseidon.js';
import { cell, changeRow, rowByHand } from './forgery.js';

/**
 * The "ghost": a subtree that weighs nothing on the bus if depths are not bounded. Below depth 62 the number q of a place
 * wraps around r, so different paths can lead to the same (q, d). Layers of branches, each followed by extensions of 61
 * nibbles, are laid out on a few "tracks" such that the paths of all layers merge on the same places; the number of paths to
 * the only node that is never opened is a multiple of r, so it is there 0 times.
 *
 * Places of track i in one layer are x(i, j) = X(j) - i*eps apart from track j in the next, where X(j) = X0 + j*delta and
 * delta is chosen by continued fractions so that eps = 16^62*delta mod r is tiny: then all x fit into 62 nibbles.
 */
const W61 = 16n ** 61n;
const W62 = 16n ** 62n;
const TRACKS = 3;
/** Paths to the sink: a multiple of r whose binary digits start with 10, as the layers below need it. */
const PATHS = 3n * R;

interface Layer {
  readonly children: bigint[];
  readonly extensions: readonly {
    readonly nibble: bigint;
    readonly path: bigint;
    readonly child: bigint;
    readonly X: bigint;
  }[];
}

/** The ghost's digest and its rows at a place, used s times. */
export interface Ghost {
  readonly digest: bigint;
  rows(place: { trie: bigint; q: bigint; d: bigint }, s: bigint): TraceRow[];
}

export function makeGhost(): Ghost {
  const { delta, eps } = steps();
  const nodes = new Map<bigint, Layer>();
  const place = (from: number, to: number) => (1n << 60n) + BigInt(to) * delta - BigInt(from) * eps;
  /** A branch on track `from` with one extension per target (track, node of the next layer). */
  const node = (from: number, targets: readonly (readonly [number, bigint])[]): bigint => {
    const children = Array<bigint>(16).fill(0n);
    const extensions = targets.map(([to, child]) => {
      const x = place(from, to);
      const nibble = x / W61;
      if (x < 0n || x >= W62 || children[Number(nibble)] !== 0n) throw new Error('the tracks do not fit');
      const path = W61 + (x % W61);
      const X = poseidon([path, child]);
      children[Number(nibble)] = X;
      return { nibble, path, child, X };
    });
    const digest = poseidon(children);
    nodes.set(digest, { children, extensions });
    return digest;
  };

  const someLeaf = poseidon([5n, 5n, 5n, 5n]);
  const sinkChildren = [someLeaf, someLeaf, ...Array<bigint>(14).fill(0n)];
  const sink = poseidon(sinkChildren);
  nodes.set(sink, { children: sinkChildren, extensions: [] });

  // The sink stands at two places. Nodes of `low` have n paths to each of them, those of `high` n + 1, on both tracks; every
  // layer doubles n and adds a binary digit of PATHS.
  const ground = Array.from({ length: TRACKS }, (_, i) =>
    node(i, [
      [0, sink],
      [1, sink],
    ]),
  );
  let low = [0, 1].map((i) =>
    node(i, [
      [0, ground[0]!],
      [1, ground[1]!],
    ]),
  );
  let high = [0, 1].map((i) =>
    node(
      i,
      ground.map((child, j) => [j, child]),
    ),
  );
  let [n, layers] = [2n, 2];
  for (const digit of PATHS.toString(2).slice(2)) {
    const [l, h] = [low, high];
    const one = digit === '1';
    low = [0, 1].map((i) =>
      node(i, [
        [0, l[0]!],
        [1, one ? h[1]! : l[1]!],
      ]),
    );
    high = [0, 1].map((i) =>
      node(i, [
        [0, one ? h[0]! : l[0]!],
        [1, h[1]!],
      ]),
    );
    n = 2n * n + (one ? 1n : 0n);
    layers++;
  }
  if (n !== PATHS) throw new Error('the ghost has a wrong number of paths');
  return { digest: low[0]!, rows: (at, s) => ghostRows(nodes, low[0]!, layers, at, s) };
}

/** delta in [16^61, 16^62/8) with 16^62*delta mod r tiny: a convergent of 16^62/r, scaled up. */
function steps(): { delta: bigint; eps: bigint } {
  let [a, b, u, v] = [R, mod(W62), 0n, 1n];
  let best = 0n;
  while (b !== 0n) {
    if (abs(v) < W61) best = v;
    const quotient = a / b;
    [a, b, u, v] = [b, a - quotient * b, v, u - quotient * v];
  }
  const small = abs(best);
  const delta = small * (W61 / small + 1n);
  const eps = mod(W62 * delta);
  return { delta, eps: eps > R / 2n ? eps - R : eps };
}

function ghostRows(
  nodes: ReadonlyMap<bigint, Layer>,
  top: bigint,
  layers: number,
  at: { trie: bigint; q: bigint; d: bigint },
  s: bigint,
): TraceRow[] {
  const { trie } = at;
  const rows: TraceRow[] = [];
  const lookups = new Map<bigint, bigint>();
  let front = new Map([['', { q: at.q, X: top, s }]]);
  let d = at.d;
  for (let layer = 0; layer < layers; layer++, d += 62n) {
    const next = new Map<string, { q: bigint; X: bigint; s: bigint }>();
    for (const { q, X, s } of front.values()) {
      const { children, extensions } = nodes.get(X)!;
      rows.push(rowByHand('branch', { trie, q, d, X, c: children, s: mod(s) }));
      for (const { nibble, path, child, X: extension } of extensions) {
        const below = mod(16n * q + nibble);
        const end = mod(below * W61 + path - W61);
        const columns = {
          trie,
          q: below,
          d: d + 1n,
          X: extension,
          path,
          w: W61,
          len: 61n,
          C: child,
          s: mod(s),
          en: 1n,
        };
        rows.push(rowByHand('ext', columns));
        lookups.set(child, (lookups.get(child) ?? 0n) + 1n);
        const key = `${end},${child}`;
        next.set(key, { q: end, X: child, s: mod((next.get(key)?.s ?? 0n) + s) });
      }
    }
    front = next;
  }
  const supplied = rows.map((row) => {
    const X = cell(row, 'X');
    const m = row.chip === 'branch' ? lookups.get(X) : undefined;
    if (m === undefined) return row;
    lookups.delete(X);
    return changeRow(row, { m });
  });
  const rest = [...lookups].map(([X, m]) => rowByHand('branch', { X, c: nodes.get(X)!.children, m }));
  return [...supplied, ...rest];
}

function abs(x: bigint): bigint {
  return x < 0n ? -x : x;
}
