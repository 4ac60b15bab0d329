import type { Address } from 'viem';
import { describe, expect, it } from 'vitest';
import { RULES_V2 } from '../../src/batch/rules.js';
import { type Account, EMPTY_ACCOUNT, type Replay, type Rules } from '../../src/batch/types.js';
import { OpenTuples } from '../../src/bus/open.js';
import { describe as show } from '../../src/bus/tuple.js';
import type { TraceRow } from '../../src/chips/chip.js';
import { type ExecutionTrace, execute } from '../../src/trace/execution/execute.js';
import { REASONS } from '../../src/trace/execution/validity.js';
import { l1Uses } from '../../src/trace/l1-uses.js';
import { brokenRows } from '../helpers/chips/broken.js';
import { randomChallenge } from '../helpers/chips/circuit.js';
import { type Random, randomOf, testSeed } from '../helpers/chips/random.js';
import { address, headerOf, type Item, interpret, SOME_CODE, txOf } from '../helpers/execution.js';
import { openTuples, termsOf } from '../helpers/execution-bus.js';

const BATCHES = 200;
const ETHER = 10n ** 18n;

/** Small limits, so that batches run into them. */
function rulesOf(random: Random): Rules {
  return {
    ...RULES_V2,
    gasLimit: 21_000n * BigInt(4 + random.int(8)),
    workBudget: RULES_V2.w0 * BigInt(3 + random.int(15)),
    w1: 20n * BigInt(random.int(4)),
    wCode: 0n,
  };
}

function stateOf(random: Random): Map<Address, Account> {
  const state = new Map<Address, Account>();
  for (let n = 0; n < 8; n++) {
    const nonce = random.bits(4);
    if (n === 7) continue;
    const balance = n < 4 ? (random.bool() ? random.bits(250) : 100n * ETHER) : n === 4 ? random.bits(40) : ETHER;
    state.set(address(n), { nonce, balance, codeHash: n >= 5 ? SOME_CODE : EMPTY_ACCOUNT.codeHash });
  }
  return state;
}

/** A batch of up to 14 items, drawn so that every outcome is likely; `now` is the state before each item. */
function batchOf(random: Random): Replay {
  const rules = rulesOf(random);
  const header = headerOf(rules, address(random.int(4)));
  const state = stateOf(random);
  const items: Item[] = [];
  let replay = interpret(rules, header, items, state);
  for (let i = random.int(14); i >= 0; i--) {
    items.push(
      itemOf(random, rules, header.feeRecipient, (who) => {
        const access = replay.accessList.find(({ address }) => address === who);
        return access?.post ?? state.get(who) ?? EMPTY_ACCOUNT;
      }),
    );
    replay = interpret(rules, header, items, state);
  }
  return replay;
}

function itemOf(random: Random, rules: Rules, coinbase: Address, now: (who: Address) => Account): Item {
  const use = rules.w0 + rules.w2 * BigInt(random.int(400));
  if (random.int(8) === 0) return { kind: 'bad', reason: 'drawn', use };
  const sender = address(random.int(10) < 8 ? random.int(4) : random.int(8));
  const to = random.pick([
    address(random.pick([0, 1, 2, 3, 4, 7])),
    address(random.int(4)),
    address(100 + random.int(5)),
    sender,
    coinbase,
  ]);
  const { nonce, balance } = now(sender);
  const tip = random.pick([0n, 1n, random.bits(30), random.bits(60)]);
  const intrinsic = 21_000n + 16n * BigInt(random.int(200));
  const gasLimit = intrinsic + (random.int(4) === 0 ? random.bits(17) : 0n);
  const cost = gasLimit * (rules.baseFee + tip);
  const rest = balance > cost ? balance - cost : 0n;
  const value = random.pick([0n, 1n, random.bits(40), rest, rest, rest / 3n, rest + 1n]);
  return txOf(
    {
      sender,
      to,
      nonce: nonce + (random.int(9) === 0 ? random.pick([1n, 7n]) : 0n),
      value,
      intrinsic,
      gasLimit,
      tip,
      use,
    },
    rules,
  );
}

function blockUsesOf({ rows }: Executed, replay: Replay): readonly bigint[] {
  const open = new OpenTuples();
  open.add(rows.flatMap(termsOf));
  return l1Uses(open, replay).blockUses;
}

type Executed = ExecutionTrace & { readonly rows: readonly TraceRow[] };

function executed(replay: Replay): Executed {
  const rows: TraceRow[] = [];
  return { ...execute(replay, rows), rows };
}

describe('execute', () => {
  const seed = testSeed();

  console.log(`execute: DELTAPROOF_SEED=${seed}`);

  it(`balances ${BATCHES} random batches against L1, every row satisfying its circuit`, async () => {
    const seen = new Map<string, number>();
    const count = (what: string) => seen.set(what, (seen.get(what) ?? 0) + 1);
    for (let n = 0; n < BATCHES; n++) {
      const random = randomOf(seed, `batch ${n}`);
      const replay = batchOf(random);
      const trace = executed(replay);
      const items = replay.outcomes.slice(0, replay.read).map((outcome) => {
        if (outcome.kind === 'cutOff') throw new Error('a cut-off item among those read');
        return outcome.kind === 'bad' ? outcome : outcome.tx;
      });
      const open = openTuples({
        ...trace,
        blockUses: blockUsesOf(trace, replay),
        rules: replay.rules,
        header: replay.batch.header,
        items,
        accessList: replay.accessList,
      });
      expect(
        open.map(({ tuple }) => show(tuple)),
        `batch ${n}`,
      ).toEqual([]);
      expect(await brokenRows(trace.rows, randomChallenge(random)), `batch ${n}`).toEqual([]);
      for (const outcome of replay.outcomes) {
        count(outcome.kind === 'skipped' ? outcome.reason : outcome.kind);
        if (outcome.kind !== 'executed') continue;
        const { sender, to } = outcome.tx;
        if (sender === to) count('to oneself');
        if (to === replay.batch.header.feeRecipient) count('to the fee recipient');
        if (sender === replay.batch.header.feeRecipient) count('from the fee recipient');
      }
    }
    const wanted = [
      ...REASONS,
      'bad',
      'executed',
      'cutOff',
      'to oneself',
      'to the fee recipient',
      'from the fee recipient',
    ];
    expect(
      wanted.filter((what) => !seen.has(what)),
      JSON.stringify([...seen]),
    ).toEqual([]);
  });

  it('names the rows in plain words and lets the numbers of the tables follow from them', () => {
    const sender = address(1);
    const header = headerOf(RULES_V2, address(9));
    const items: Item[] = [
      txOf({ sender, to: address(2), value: 5n }),
      { kind: 'bad', reason: 'chain id', use: 545_315n },
      txOf({ sender, to: address(2), nonce: 7n }),
    ];
    const state = new Map([[sender, { ...EMPTY_ACCOUNT, balance: ETHER }]]);
    const replay = interpret(RULES_V2, header, items, state);
    const trace = executed(replay);
    const { rows, end } = trace;
    expect(rows.map(({ chip, origin }) => `${chip}: ${origin}`)).toEqual([
      'transfer: transaction 1 (transfer)',
      'txbad: transaction 2 (bad: chain id)',
      'txskip: transaction 3 (skipped: nonce)',
      ...[1, 2, 9].map((n) => `cellend: end of account ${address(n)}`),
    ]);
    expect(blockUsesOf(trace, replay)).toEqual([1n, 0n, 0n, 0n, 2n, 0n, 0n]);
    expect(end).toEqual({
      ts: 8n,
      gasUsed: 21_000n,
      work: RULES_V2.workBudget - 2n * items[0]!.use - items[1]!.use,
      jrn: 0n,
    });
  });
});

describe('execute refuses a replay that is not true', () => {
  const [alice, bob, contract, miner] = [address(1), address(2), address(3), address(9)];
  const header = headerOf(RULES_V2, miner);
  const state = new Map<Address, Account>([
    [alice, { ...EMPTY_ACCOUNT, nonce: 5n, balance: ETHER }],
    [contract, { nonce: 5n, balance: ETHER, codeHash: SOME_CODE }],
  ]);
  const valid = txOf({ sender: alice, to: bob, nonce: 5n, value: 5n });
  const honest = interpret(RULES_V2, header, [valid], state);
  const refusal = (replay: Replay) => {
    try {
      execute(replay, []);
      return 'accepted';
    } catch (error) {
      return (error as { code?: string }).code;
    }
  };
  const changed = (who: Address, post: Partial<Account>): Replay => ({
    ...honest,
    accessList: honest.accessList.map((a) => (a.address === who ? { ...a, post: { ...a.post, ...post } } : a)),
  });

  it('accepts the true one', () => expect(refusal(honest)).toBe('accepted'));

  it.each([
    ['balance', changed(bob, { balance: 6n })],
    ['nonce', changed(alice, { nonce: 5n })],
    ['code', changed(bob, { codeHash: SOME_CODE })],
    ['gas used', { ...honest, gasUsed: 20_999n }],
    ['work', { ...honest, work: honest.work + 1n }],
    ['items read', { ...honest, read: 2 }],
    ['an item that must be cut off', { ...honest, rules: { ...RULES_V2, workBudget: valid.use - 1n } }],
    ['a cut-off item among those read', { ...honest, outcomes: [{ kind: 'cutOff' }] }],
  ] satisfies [string, Replay][])('another end: %s', (_, replay) =>
    expect(refusal(replay)).toBe('TRACE_STATE_DIFFERS'),
  );

  it.each([alice, bob, miner])('an access list without %s', (who) => {
    const accessList = honest.accessList.filter(({ address }) => address !== who);
    expect(refusal({ ...honest, accessList })).toBe('TRACE_NOT_LISTED');
  });

  it.each(REASONS)('a false reason to skip: %s', (reason) => {
    expect(refusal({ ...honest, outcomes: [{ kind: 'skipped', tx: valid, reason }] })).toBe('TRACE_REASON_FALSE');
  });

  it.each([
    ['nonce', { ...valid, nonce: 4n }],
    ['senderCode', { ...valid, sender: contract }],
    ['balance', { ...valid, maxCost: ETHER + 1n }],
    ['gasLimit', { ...valid, gasLimit: RULES_V2.gasLimit + 1n }],
    ['work', { ...valid, reserve: RULES_V2.workBudget - valid.use + 1n }],
  ] as const)('execution of an invalid transaction: %s', (reason, tx) => {
    const replay = interpret(RULES_V2, header, [tx], state);
    expect(replay.outcomes[0]).toMatchObject({ kind: 'skipped', reason });
    const accessList = [...replay.accessList, { address: miner, pre: EMPTY_ACCOUNT, post: EMPTY_ACCOUNT }];
    const outcomes: Replay['outcomes'] = [{ kind: 'executed', tx, gasUsed: tx.intrinsic }];
    expect(refusal({ ...replay, accessList, outcomes })).toBe('TRACE_NOT_VALID');
  });

  it('a balance beyond 256 bits', () => {
    const rich = new Map(state).set(bob, { ...EMPTY_ACCOUNT, balance: (1n << 256n) - 3n });
    expect(refusal(interpret(RULES_V2, header, [valid], rich))).toBe('TRACE_OVERFLOW');
  });
});
