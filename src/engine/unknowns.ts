import { forEachTermOf, type Rows } from './rows.js';

/** Which wires of a circuit are known by now, and how many unknown ones each constraint still has. */
export class Unknowns {
  /** Constraints that came down to one unknown wire, in the order in which they did. */
  readonly ready: number[] = [];
  readonly #known: Uint8Array;
  /** Distinct unknown wires per constraint. */
  readonly #left: Uint32Array;
  /** Constraints by wire: those of wire w are #uses[#start[w]] up to #start[w + 1]. */
  readonly #start: Uint32Array;
  readonly #uses: Uint32Array;
  readonly #rows: Rows;

  /** @param isGiven whether a wire is known from the start */
  constructor(rows: Rows, wires: number, isGiven: (wire: number) => boolean) {
    this.#rows = rows;
    this.#known = Uint8Array.from({ length: wires }, (_, wire) => (isGiven(wire) ? 1 : 0));
    const constraints = rows.offsets.length;
    this.#left = new Uint32Array(constraints);
    this.#start = new Uint32Array(wires + 1);
    const seen = new Int32Array(wires).fill(-1);
    this.#forEachFirst(seen, (constraint, wire) => {
      this.#left[constraint]!++;
      this.#start[wire + 1]!++;
    });
    for (let wire = 0; wire < wires; wire++) this.#start[wire + 1]! += this.#start[wire]!;
    const next = this.#start.slice(0, wires);
    this.#uses = new Uint32Array(this.#start[wires]!);
    this.#forEachFirst(seen.fill(-1), (constraint, wire) => {
      this.#uses[next[wire]!++] = constraint;
    });
    for (let k = 0; k < constraints; k++) if (this.#left[k] === 1) this.ready.push(k);
  }

  #forEachFirst(seen: Int32Array, visit: (constraint: number, wire: number) => void): void {
    for (let constraint = 0; constraint < this.#left.length; constraint++) {
      forEachTermOf(this.#rows, constraint, (_matrix, wire) => {
        if (this.#known[wire] === 1 || seen[wire] === constraint) return;
        seen[wire] = constraint;
        visit(constraint, wire);
      });
    }
  }

  isKnown(wire: number): boolean {
    return this.#known[wire] === 1;
  }

  /** Unknown wires of a constraint, each counted once. */
  leftIn(constraint: number): number {
    return this.#left[constraint]!;
  }

  /** From now on `wire`, unknown until now, is known. */
  learn(wire: number): void {
    this.#known[wire] = 1;
    for (let i = this.#start[wire]!; i < this.#start[wire + 1]!; i++) {
      const constraint = this.#uses[i]!;
      if (--this.#left[constraint]! === 1) this.ready.push(constraint);
    }
  }

  /** Constraints that have unknown wires, in order. */
  pending(): number[] {
    return Array.from(this.#left.keys()).filter((constraint) => this.#left[constraint]! > 0);
  }

  /** An unknown wire, the lowest. */
  first(): number | undefined {
    const wire = this.#known.indexOf(0);
    return wire < 0 ? undefined : wire;
  }
}
