import { mod } from '../../../src/bus/field.js';
import { type ChipCircuit, type Linear, WIRE } from './circuit.js';

/** Whether a linear combination is 0 or 1 whenever the constraints hold: b, 1 - b, a product of such, or a - b where b * (1 - a) = 0. */
export type IsBoolean = (form: Linear) => boolean;

/** The wires that constraints make boolean: by b * (1 - b) = 0, or as products of booleans. */
export function booleansOf({ constraints }: Pick<ChipCircuit, 'constraints'>): IsBoolean {
  const wires = new Set<number>();
  const implied = implications(constraints);
  const isBoolean: IsBoolean = (form) => {
    if (form.wires.length === 2 && form.wires.every((wire) => wires.has(wire))) {
      const [a, b] = form.coefficients[0] === 1n ? form.wires : [...form.wires].reverse();
      return coefficient(form, a!) === 1n && coefficient(form, b!) === mod(-1n) && implied.has(`${b} ${a}`);
    }
    const [one, wire] = [coefficient(form, WIRE.one), form.wires.find((x) => x !== WIRE.one)];
    if (form.wires.some((x) => x !== WIRE.one && x !== wire)) return false;
    if (wire === undefined) return one === 1n || one === 0n;
    const slope = coefficient(form, wire);
    return wires.has(wire) && ((one === 0n && slope === 1n) || (one === 1n && slope === mod(-1n)));
  };
  for (let size = -1; size !== wires.size; ) {
    size = wires.size;
    for (const { a, b, c } of constraints) {
      if (c.wires.length === 0) {
        for (const [x, y] of [
          [a, b],
          [b, a],
        ] as const) {
          // k * w and l * (w - 1)
          const wire = x.wires[0];
          if (x.wires.length !== 1 || y.wires.length !== 2 || wire === undefined || !y.wires.includes(WIRE.one))
            continue;
          if (mod(coefficient(y, wire) + coefficient(y, WIRE.one)) === 0n && coefficient(y, wire) !== 0n)
            wires.add(wire);
        }
      } else if (c.wires.length === 1 && c.wires[0] !== WIRE.one) {
        const [k] = c.coefficients;
        const same = k === 1n && ((isBoolean(a) && isBoolean(b)) || (isBoolean(negative(a)) && isBoolean(negative(b))));
        const minus =
          k === mod(-1n) && ((isBoolean(a) && isBoolean(negative(b))) || (isBoolean(negative(a)) && isBoolean(b)));
        if (same || minus) wires.add(c.wires[0]!);
      }
    }
  }
  return isBoolean;
}

/** Pairs `b a` of wires with b * (1 - a) = 0: of booleans, b is 1 only where a is. */
function implications(constraints: ChipCircuit['constraints']): Set<string> {
  const pairs = new Set<string>();
  for (const { a, b, c } of constraints) {
    if (c.wires.length > 0) continue;
    for (const [x, y] of [
      [a, b],
      [b, a],
    ] as const) {
      const wire = y.wires.find((other) => other !== WIRE.one);
      if (x.wires.length !== 1 || x.wires[0] === WIRE.one || y.wires.length !== 2 || wire === undefined) continue;
      if (mod(coefficient(y, wire) + coefficient(y, WIRE.one)) === 0n && wire !== x.wires[0])
        pairs.add(`${x.wires[0]} ${wire}`);
    }
  }
  return pairs;
}

/** Minus a linear combination. */
export function negative({ wires, coefficients }: Linear): Linear {
  return { wires, coefficients: coefficients.map((x) => mod(-x)) };
}

/** A linear combination times a constant. */
export function scaled({ wires, coefficients }: Linear, factor: bigint): Linear {
  return { wires, coefficients: coefficients.map((x) => mod(x * factor)) };
}

/** The coefficient of a wire, 0 when it is not there. */
export function coefficient({ wires, coefficients }: Linear, wire: number): bigint {
  return coefficients[wires.indexOf(wire)] ?? 0n;
}
