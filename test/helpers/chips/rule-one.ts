import { inverse, mod } from '../../../src/bus/field.js';
import { LAYOUT, TAG_POWER, type TupleSpec } from '../../../src/bus/layout.js';
import { type ChipCircuit, type Constraint, type Linear, show, WIRE, wiresOf } from './circuit.js';

/** Highest degree in committed inputs of what enters a fingerprint or a weight. */
const MAX_DEGREE = 4;

/** What a wire is, by the constraints alone. Wires of no class are hints: nothing here may depend on them. */
type WireClass =
  /** A polynomial in committed inputs of this degree; the constant 1 has degree 0. */
  | { readonly kind: 'poly'; readonly degree: number }
  /** sum of beta^i * polynomial, over these i: depends on beta, not on alpha. */
  | { readonly kind: 'beta'; readonly powers: ReadonlySet<number> }
  /** sum of polynomial * (weight / fingerprint): what `sum` may be made of. */
  | { readonly kind: 'quotient' };

/**
 * The static check of soundness rule 1 over the r1cs. Every constraint with alpha must be `o * f = m` with
 * f = alpha + polynomials + powers of beta * polynomials (and the tag's own constant * beta^31, a known tag with its
 * powers only) and m a polynomial, where polynomials are of low degree in committed inputs; o may only be added up and
 * multiplied by such polynomials; nothing else may depend on alpha or beta. Returns what is wrong, naming wires.
 */
export function ruleOneFindings(circuit: ChipCircuit): string[] {
  return new RuleOne(circuit).findings();
}

class RuleOne {
  readonly #classes = new Map<number, WireClass>();
  readonly #explained = new Set<number>();
  readonly #findings: string[] = [];

  constructor(readonly circuit: ChipCircuit) {
    this.#classes.set(WIRE.one, { kind: 'poly', degree: 0 });
    circuit.cells.forEach((_, k) => {
      this.#classes.set(WIRE.cells + k, { kind: 'poly', degree: 1 });
    });
    for (const [power, wire] of [[1, WIRE.beta] as const, ...circuit.powers]) {
      this.#classes.set(wire, { kind: 'beta', powers: new Set([power]) });
    }
  }

  findings(): string[] {
    const { constraints, frame } = this.circuit;
    const withAlpha = (constraint: Constraint) => wiresOf(constraint).includes(WIRE.alpha);
    const isPowerChain = (i: number) => frame.has(i) && !wiresOf(constraints[i]!).includes(WIRE.sum);
    constraints.forEach((_, i) => {
      if (isPowerChain(i)) this.#explained.add(i);
    });
    this.#classify((constraint) => !withAlpha(constraint));
    constraints.forEach((constraint, i) => {
      if (withAlpha(constraint)) this.#fingerprint(constraint, i);
    });
    this.#classify((constraint) => !withAlpha(constraint));
    constraints.forEach((constraint, i) => {
      if (this.#explained.has(i)) return;
      const challenged = wiresOf(constraint).filter((wire) => this.#isChallenged(wire));
      if (challenged.length > 0) {
        this.#report(
          i,
          `depends on the challenge by ${this.#names(challenged)}, beside ${this.#hintNames(constraint)}`,
        );
      }
    });
    if (this.#classes.get(WIRE.sum)?.kind !== 'quotient')
      this.#findings.push('the sum is not made of weight / fingerprint alone');
    return this.#findings;
  }

  /** Gives classes to wires that a constraint defines by classified ones, until nothing changes. */
  #classify(allowed: (constraint: Constraint) => boolean): void {
    for (let changed = true; changed; ) {
      changed = false;
      this.circuit.constraints.forEach((constraint, i) => {
        if (this.#explained.has(i) || !allowed(constraint)) return;
        const unknown = this.#hints(constraint);
        const [wire] = unknown;
        if (unknown.length !== 1 || !constraint.c.wires.includes(wire!)) return;
        if (constraint.a.wires.includes(wire!) || constraint.b.wires.includes(wire!)) return;
        const defined = this.#product(constraint, wire!);
        if (defined === undefined) return;
        this.#classes.set(wire!, defined);
        this.#explained.add(i);
        changed = true;
      });
    }
  }

  /** The class of `wire` in a * b = k * wire + rest, when there is one. */
  #product({ a, b, c }: Constraint, wire: number): WireClass | undefined {
    const rest = this.#classOf(c, wire);
    if (a.wires.length === 0 || b.wires.length === 0) return rest;
    const [x, y] = [this.#classOf(a), this.#classOf(b)];
    if (rest === undefined || x === undefined || y === undefined) return undefined;
    const [factor, other] = x.kind === 'poly' ? [x, y] : [y, x];
    if (factor.kind !== 'poly' || (other.kind !== 'poly' && factor.degree > MAX_DEGREE)) return undefined;
    const product = other.kind === 'poly' ? { kind: other.kind, degree: factor.degree + other.degree } : other;
    return c.wires.length > 1 ? join(product, rest) : product;
  }

  /** The class of a linear combination; undefined when a hint or alpha is in it or classes do not mix. */
  #classOf({ wires }: Linear, without?: number): WireClass | undefined {
    const classes = wires.filter((wire) => wire !== without).map((wire) => this.#classes.get(wire));
    if (classes.length === 0) return { kind: 'poly', degree: 0 };
    return classes.reduce((all, one) => (all === undefined || one === undefined ? undefined : join(all, one)));
  }

  /** Checks o * f = m and makes o a quotient. */
  #fingerprint({ a, b, c }: Constraint, index: number): void {
    const [o, f] = a.wires.includes(WIRE.alpha) ? [b, a] : [a, b];
    const quotient = o.wires[0]!;
    const badParts = f.wires.filter((wire) => wire !== WIRE.alpha && !this.#isPart(wire));
    const badWeight = c.wires.filter((wire) => !this.#isLowPoly(wire));
    if (o.wires.length !== 1 || o.wires[0] === WIRE.alpha || !f.wires.includes(WIRE.alpha)) {
      this.#report(index, 'has alpha but is not o * f = m');
    } else if (this.#classes.has(quotient)) {
      this.#report(index, `has ${this.#names(o.wires)} for o: a gated fingerprint, or one quotient of two`);
    } else if (badParts.length > 0) {
      this.#report(index, `has ${this.#names(badParts)} in its fingerprint`);
    } else if (badWeight.length > 0) {
      this.#report(index, `has ${this.#names(badWeight)} in its weight`);
    } else {
      this.#checkTag(f, index);
    }
    if (!this.#classes.has(quotient)) this.#classes.set(quotient, { kind: 'quotient' });
    this.#explained.add(index);
  }

  #checkTag({ wires, coefficients }: Linear, index: number): void {
    const scale = inverse(coefficients[wires.indexOf(WIRE.alpha)]!);
    const tagAt = wires.indexOf(this.circuit.powers.get(TAG_POWER)!);
    const tag = tagAt === -1 ? 0n : mod(coefficients[tagAt]! * scale);
    const [name, spec] = Object.entries<TupleSpec>(LAYOUT).find(([, { tag: known }]) => BigInt(known) === tag) ?? [];
    if (spec === undefined) {
      this.#report(index, `has a fingerprint with the unknown tag ${tag}`);
      return;
    }
    const known: readonly number[] = Object.values(spec.fields);
    const stray = wires.filter((wire, i) => {
      const one = this.#classes.get(wire);
      return i !== tagAt && one?.kind === 'beta' && [...one.powers].some((power) => !known.includes(power));
    });
    if (stray.length > 0) this.#report(index, `has ${this.#names(stray)}: powers of beta that ${name} does not have`);
  }

  #isPart(wire: number): boolean {
    return this.#classes.get(wire)?.kind === 'beta' || this.#isLowPoly(wire);
  }

  #isLowPoly(wire: number): boolean {
    const one = this.#classes.get(wire);
    return one?.kind === 'poly' && one.degree <= MAX_DEGREE;
  }

  #isChallenged(wire: number): boolean {
    const kind = this.#classes.get(wire)?.kind;
    return wire === WIRE.alpha || kind === 'beta' || kind === 'quotient';
  }

  #hints(constraint: Constraint): number[] {
    return wiresOf(constraint).filter((wire) => wire !== WIRE.alpha && !this.#classes.has(wire));
  }

  #hintNames(constraint: Constraint): string {
    return this.#names(this.#hints(constraint)) || 'no hint';
  }

  #names(wires: readonly number[]): string {
    return wires.map((wire) => this.circuit.nameOf(wire)).join(', ');
  }

  #report(index: number, what: string): void {
    this.#explained.add(index);
    this.#findings.push(`${show(this.circuit, index)} ${what}`);
  }
}

/** The class of a sum of two; undefined when they do not mix. */
function join(x: WireClass, y: WireClass): WireClass | undefined {
  if (x.kind === 'quotient' || y.kind === 'quotient') return x.kind === y.kind ? x : undefined;
  if (x.kind === 'poly' && y.kind === 'poly') return { kind: 'poly', degree: Math.max(x.degree, y.degree) };
  const powers = (one: WireClass) => (one.kind === 'beta' ? [...one.powers] : [0]);
  return { kind: 'beta', powers: new Set([...powers(x), ...powers(y)]) };
}
