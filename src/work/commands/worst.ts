/**
 * `npm run worst -- [--json]`: the budget of a batch, what every unit is charged and what it costs, and what the worst batch takes on L1.
 * Hours are those of a named engine on two cores, ether is at a stated gas price (src/work/worst.ts).
 */
import { parseArgs } from 'node:util';
import { RULES_V2 } from '../../batch/rules.js';
import { shapesOf } from '../../proof/shapes.js';
import { ENGINE, GAS_PRICE, worstReport } from '../worst.js';

const { values } = parseArgs({ options: { json: { type: 'boolean', default: false }, help: { type: 'boolean' } } });
const [seconds, gwei] = [ENGINE.seconds, GAS_PRICE / 10n ** 9n];
const basis = `hours: ${seconds} s a proof of 2^18 with ${ENGINE.name} (npm run bench -- --only bundles); ether: at ${gwei} gwei`;
if (values.help === true) {
  console.log(`npm run worst -- [--json]\nThe worst batch that the rules of version 2 accept.\n${basis}`);
} else {
  const report = worstReport(shapesOf('default'), RULES_V2);
  console.log(values.json ? JSON.stringify(report) : text(report));
}

function text({ budget, units, worst }: ReturnType<typeof worstReport>): string {
  const number = (value: number) => value.toLocaleString('en');
  const line = (name: string, ...cells: string[]) =>
    `${name.padEnd(72)}${cells.map((cell) => cell.padStart(14)).join('')}`;
  const facts = (values: object) => Object.entries(values).map(([name, value]) => line(`  ${name}`, number(value)));
  return [
    'budget of a batch',
    ...facts(budget),
    '',
    line('unit', 'work', 'price'),
    ...units.map(({ unit, work, price }) => line(`  ${unit}`, number(work), number(price))),
    '',
    'the worst batch',
    ...facts(worst),
    `(${basis})`,
  ].join('\n');
}
