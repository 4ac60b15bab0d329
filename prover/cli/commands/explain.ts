import { Command } from 'commander';
import type { Address, Hex } from 'viem';
import { z } from 'zod';
import { parseBatchFile } from '../../../src/batch/batch-file.js';
import type { GenesisAccount } from '../../../src/batch/genesis.js';
import { hexField, readJson, uintField } from '../../../src/batch/json.js';
import { type AccountAccess, EMPTY_ACCOUNT } from '../../../src/batch/types.js';
import { changesOf, explain, type Wrong } from '../../../src/trace/explain.js';
import { traceRequest } from '../../stages/stages.js';
import { requestOfFile } from '../batch-work.js';
import { readTextFile } from '../files.js';
import { Output } from '../output.js';

interface ExplainOptions {
  readonly claim?: string;
  readonly json?: boolean;
}

/** `explain`: from a wrong field of a claimed result to the transaction, the opcode and the row that decide it. */
export function explainCommand(): Command {
  return new Command('explain')
    .description(
      'say which transaction, opcode and row made each change of a batch, and where a claimed result is wrong',
    )
    .argument('<batch.json>', 'batch file (FORMATS.md)')
    .option('--claim <diff.json>', 'the claimed result: { address: { nonce?, balance?, slots?: { key: value } } }')
    .option('--json', 'one JSON object on stdout')
    .action(explainBatch);
}

const claimFile = z.record(
  z.string(),
  z.strictObject({
    nonce: uintField(64).optional(),
    balance: uintField(256).optional(),
    slots: z.record(z.string(), uintField(256)).default({}),
  }),
);

async function explainBatch(path: string, options: ExplainOptions): Promise<void> {
  const output = new Output(options.json === true);
  const { preState } = parseBatchFile(readTextFile(path));
  const request = await requestOfFile(path, 'diff');
  const { rows, replay } = await traceRequest(request);
  const changes = changesOf(rows);
  const { number } = request.batch.header;
  if (options.claim === undefined) {
    const lines = changes.map(
      ({ address, field, from, to, origin }) => `${origin}: ${field} of ${address}: ${from} -> ${to}`,
    );
    output.result({ batch: number, changes }, [`batch ${number}: ${changes.length} changes`, ...lines]);
    return;
  }
  const claim = readJson(readTextFile(options.claim), claimFile, 'claimed result');
  const truth = new Map(replay.accessList.map((access) => [access.address, access]));
  const wrong = Object.entries(claim).flatMap(([address, fields]): Wrong[] => {
    const owner = hexField(20).parse(address) as Address;
    return wrongFields(owner, fields, truth.get(owner), preState.get(owner)).map((one) => ({
      ...one,
      changes: changes.filter((change) => change.address === owner && change.field === one.field),
    }));
  });
  const lines = wrong.length === 0 ? ['every claimed field is what the batch makes of it'] : wrong.flatMap(explain);
  output.result({ batch: number, wrong }, [`batch ${number}`, ...lines]);
}

type Fields = z.infer<typeof claimFile>[string];

/** The claimed fields that are not so after the batch; what it does not touch is as before. */
function wrongFields(
  address: Address,
  { nonce, balance, slots }: Fields,
  access: AccountAccess | undefined,
  before: GenesisAccount | undefined,
): Omit<Wrong, 'changes'>[] {
  const { post } = access ?? { post: before ?? EMPTY_ACCOUNT };
  const slotAfter = (key: Hex) =>
    access?.slots?.find((slot) => slot.key === key)?.post ?? before?.storage.get(key) ?? 0n;
  const values: [field: string, claimed: bigint | undefined, truth: bigint][] = [
    ['nonce', nonce, post.nonce],
    ['balance', balance, post.balance],
    ...Object.entries(slots).map(([key, value]): [string, bigint, bigint] => {
      const slot = hexField(32).parse(key);
      return [slot, value, slotAfter(slot)];
    }),
  ];
  return values.flatMap(([field, claimed, truth]) =>
    claimed === undefined || claimed === truth ? [] : [{ address, field, claimed, truth }],
  );
}
