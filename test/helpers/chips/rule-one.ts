import { inverse, mod } from '../../../src/bus/field.js';
import { LAYOUT, TAG_POWER, type TupleSpec } from '../../../src/bus/layout.js';
import { booleansOf, coefficient, type IsBoolean, negative, scaled } from './booleans.js';
import { type Constraint, type Linear, show, WIRE, wiresOf } from './circuit.js';
import type { RuledCircuit } from './shape-circuit.js';

/** Highest degree in committed inputs of what enters a fingerprint or a weight. */
const MAX_DEGREE = 4;

/** What a wire is, by the constraints alone. Wires of no class are hints: nothing here may depend on them. */
type WireClass =
  /** A polynomial in committed inputs of this degree; the constant 1 has degree 0. */
  | { readonly kind: 'poly'; readonly degree: number }
  /** sum of beta^i * polynomial, over these i: depends on beta, not on alpha. */
  | { readonly kind: 'beta'; readonly powers: ReadonlySet<number> }
  /** sum of polynomial * (weight / fingerprint): what `sum` may be made of. */
  | { readonly kind: 'quotient'; readonly gate: Gate };

/**
 * Linear tuples and range lookups must be weighted by a constrained boolean (rules 5 and 8: else rows could cancel among
 * themselves what they cannot balance): `free` no such tuple is in it, `gated` it has its boolean, `open` still to come.
 */
type Gate = 'free' | 'gated' | 'open';

/**
 * The static check of soundness rule 1 over the r1cs. Every constraint with alpha must be `o * f = m` with
 * f = alpha + polynomials + powers of beta * polynomials (and the tag's own constant * beta^31, a known tag with its
 * powers only) and m a polynomial, where polynomials are of low degree in committed inputs; o may only be added up and
 * multiplied by such polynomials; nothing else may depend on alpha or beta. Weights of linear tuples and of range lookups must
 * be constrained booleans. Returns what is wrong, naming wires.
 */
export function ruleOneFindings(circuit: RuledCircuit): string[] {
  return new RuleOne(circuit).findings();
}

class RuleOne {
  readonly #classes = new Map<number, WireClass>();
  readonly #explained = new Set<number>();
  readonly #findings: string[] = [];
  readonly #isBoolean: IsBoolean;

  constructor(readonly circuit: RuledCircuit) {
    this.#isBoolean = booleansOf(circuit);
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
    const sum = this.#classes.get(WIRE.sum);
    if (sum?.kind !== 'quotient') this.#findings.push('the sum is not made of weight / fingerprint alone');
    else if (sum.gate === 'open')
      this.#findings.push('a linear tuple or a lookup enters the sum without a boolean weight');
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
        const defined = this.#product(constraint, wire!, i);
        if (defined === undefined) return;
        this.#classes.set(wire!, defined);
        this.#explained.add(i);
        changed = true;
      });
    }
  }

  /** The class of `wire` in a * b = k * wire + rest, when there is one. */
  #product({ a, b, c }: Constraint, wire: number, index: number): WireClass | undefined {
    const rest = this.#classOf(c, wire);
    if (a.wires.length === 0 || b.wires.length === 0) return rest;
    const [x, y] = [this.#classOf(a), this.#classOf(b)];
    if (rest === undefined || x === undefined || y === undefined) return undefined;
    const [factor, other, form] = x.kind === 'poly' ? [x, y, a] : [y, x, b];
    if (factor.kind !== 'poly' || (other.kind !== 'poly' && factor.degree > MAX_DEGREE)) return undefined;
    let product: WireClass = other;
    if (other.kind === 'poly') product = { kind: 'poly', degree: factor.degree + other.degree };
    if (other.kind === 'quotient' && other.gate !== 'free') {
      product = { kind: 'quotient', gate: 'gated' };
      if (!this.#isSignedBoolean(form))
        this.#report(index, `multiplies a linear tuple or a lookup by what is no boolean`);
    }
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
    let gate: Gate = 'free';
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
      gate = this.#gateOf(o, f, c, index);
    }
    if (!this.#classes.has(quotient)) this.#classes.set(quotient, { kind: 'quotient', gate });
    this.#explained.add(index);
  }

  /** Checks tag, powers and weight of a fingerprint whose parts are allowed. */
  #gateOf(o: Linear, f: Linear, c: Linear, index: number): Gate {
    const scale = inverse(coefficient(f, WIRE.alpha));
    const tagWire = this.circuit.powers.get(TAG_POWER)!;
    const tag = mod(coefficient(f, tagWire) * scale);
    const [name, spec] = Object.entries<TupleSpec>(LAYOUT).find(([, { tag: known }]) => BigInt(known) === tag) ?? [];
    if (spec === undefined) {
      this.#report(index, `has a fingerprint with the unknown tag ${tag}`);
      return 'free';
    }
    const known: readonly number[] = Object.values(spec.fields);
    const stray = f.wires.filter((wire) => {
      const one = this.#classes.get(wire);
      return wire !== tagWire && one?.kind === 'beta' && [...one.powers].some((power) => !known.includes(power));
    });
    if (stray.length > 0) this.#report(index, `has ${this.#names(stray)}: powers of beta that ${name} does not have`);
    const isTable = f.wires.every((wire) => [WIRE.one, WIRE.alpha, tagWire].includes(wire));
    if (spec.class !== 'linear' && (name !== 'RANGE12' || isTable)) return 'free';
    const weight = scaled(c, scale * inverse(o.coefficients[0]!));
    if (!this.#isSignedBoolean(weight)) this.#report(index, `has a weight of ${name} that is no boolean`);
    return weight.wires.every((wire) => wire === WIRE.one) ? 'open' : 'gated';
  }

  #isSignedBoolean(form: Linear): boolean {
    return this.#isBoolean(form) || this.#isBoolean(negative(form));
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
  if (x.kind === 'quotient' && y.kind === 'quotient') {
    const gate = (['open', 'gated', 'free'] as const).find((one) => x.gate === one || y.gate === one)!;
    return { kind: 'quotient', gate };
  }
  if (x.kind === 'quotient' || y.kind === 'quotient') return undefined;
  if (x.kind === 'poly' && y.kind === 'poly') return { kind: 'poly', degree: Math.max(x.degree, y.degree) };
  const powers = (one: WireClass) => (one.kind === 'beta' ? [...one.powers] : [0]);
  return { kind: 'beta', powers: new Set([...powers(x), ...powers(y)]) };
}
