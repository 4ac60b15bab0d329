import { statementOf } from '../../determinism/extract.js';
import { type ChipCircuit, show } from '../circuit.js';
import { RANGES, WordCheck, type WordReason, wiresOfProducts } from './check.js';

export type { WordReason };

/**
 * The static check of produced words (docs/SOUNDNESS.md), over the r1cs of a chip: whatever a row sends or supplies is within its contract
 * (`contract.ts`) by what the row itself looks up, receives from an earlier time, or computes; the machine's counters move as they may. Returns
 * what is not shown and no reason lists; `reasons` that nothing needed are findings too.
 */
export function wordFindings(circuit: ChipCircuit, reasons: readonly WordReason[] = []): string[] {
  const check = new WordCheck(circuit, statementOf(circuit), reasons);
  const findings = [...check.findings()];
  const unused = reasons.filter((one) => !check.used.has(one)).map(({ goal }) => `${goal} lists what needs no reason`);
  return [...findings, ...unused];
}

/** The first finding without a producer's range check; undefined when there is none. */
export function findingWithout(circuit: ChipCircuit, guard: Guard, reasons: readonly WordReason[]): string | undefined {
  const cut = without(circuit, guard.constraint);
  const [first] = new WordCheck(cut, statementOf(cut), reasons).findings(guard.prints);
  return first;
}

/** A producer's range check: the constraint of a look-up, and those of the tuples for which it matters. */
export interface Guard {
  readonly constraint: number;
  readonly prints: ReadonlySet<number>;
}

/** The look-ups of all that the row makes a word of which it sends, or a price. */
export function guardsOf(circuit: ChipCircuit): Guard[] {
  const statement = statementOf(circuit);
  const made = new WordCheck(circuit, statement, []).made();
  return statement.prints.flatMap(({ name, fields, at }) => {
    const wires = RANGES.includes(name) ? fields.flatMap(wiresOfProducts) : [];
    const prints = [...made].filter(([, cells]) => wires.some((wire) => wire !== 0 && cells.has(wire)));
    return prints.length === 0 ? [] : [{ constraint: at, prints: new Set(prints.map(([print]) => print)) }];
  });
}

/** The circuit with a constraint taken out; the numbers of the others stay. */
function without(circuit: ChipCircuit, index: number): ChipCircuit {
  const none = { wires: [], coefficients: [] };
  return { ...circuit, constraints: circuit.constraints.with(index, { a: none, b: none, c: none }) };
}

/** The circuit without the constraints whose readable form is this, or matches. */
export function withoutAll(circuit: ChipCircuit, form: RegExp | string): ChipCircuit {
  const isOut = (line: string) => (typeof form === 'string' ? line === form : form.test(line));
  return circuit.constraints.reduce((rest, _, i) => (isOut(show(circuit, i)) ? without(rest, i) : rest), circuit);
}
