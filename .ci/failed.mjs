// What a run of the tests says, by vitest's report: nothing where all passed. Files of processes, clocks and networks that failed are
// printed, to run once more by themselves: beside others, on a machine that stands still for seconds, one of some hundreds of waits is
// too short now and then. What else fails, and what is staked on damaged stores, or more than three of them, fails the run at once; so
// does all that fails `none`.
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';

const MAY_RUN_AGAIN = /^test\/(?!node\/damage)(agents|cli|e2e|node|proving|queue|rpc|soak)\//;

const [path, mode] = process.argv.slice(2);
const report = JSON.parse(readFileSync(path, 'utf8'));
const failed = report.testResults.filter((file) => file.status !== 'passed');
console.error(`${report.numPassedTests} passed, ${report.numFailedTests} failed, in ${failed.length} files`);
const names = failed.map((file) => relative(process.cwd(), file.name));
for (const [i, { assertionResults }] of failed.entries()) {
  const tests = assertionResults.filter(({ status }) => status === 'failed').map(({ fullName }) => fullName);
  console.error(`  ${names[i]}: ${tests.join('; ') || 'the file itself'}`);
}

const mayRunAgain = mode !== 'none' && names.length <= 3 && names.every((name) => MAY_RUN_AGAIN.test(name));
if (report.numPassedTests === 0 || (names.length > 0 ? !mayRunAgain : !report.success)) process.exit(1);
if (names.length > 0) console.error(`NOT THE SAME TWICE, if they pass now: ${names.join(' ')}`);
console.log(names.join(' '));
