import { Command } from 'commander';
import { formatEther, isAddressEqual, parseEther } from 'viem';
import { unrecordedClaims } from '../../../src/dispute/claims.js';
import { records } from '../../../src/dispute/moves.js';
import type { StakeView } from '../../../src/dispute/types.js';
import { UsageError } from '../../../src/errors/usage.js';
import { atStake, Pocket } from '../../agents/at-stake.js';
import type { L1Account } from '../../agents/l1-account.js';
import { address } from '../../config/options.js';
import { HAND_SETTINGS, openHand } from '../hand.js';
import { failed } from '../l1.js';
import { Output } from '../output.js';
import { withSettings } from '../settings.js';

interface AccountFlags {
  readonly amount?: string;
  readonly to?: string;
  readonly json?: boolean;
}

/** `account`: an account's money on L1. */
export function accountCommand(): Command {
  const command = new Command('account').description("the account's ether, credit and what is locked");
  const show = command
    .command('show')
    .description('balance, credit, stake, what it and open games lock, and what was lost')
    .action(showAccount);
  const deposit = command
    .command('deposit')
    .description('bring ether to the credit, from which stake and bonds are taken')
    .requiredOption('--amount <ether>', 'how much')
    .action(depositEther);
  const withdraw = command
    .command('withdraw')
    .description('take credit back')
    .option('--amount <ether>', 'how much; all of it when absent')
    .option('--to <address>', 'who gets it; the account itself when absent')
    .action(withdrawEther);
  const stake = command
    .command('stake')
    .description("lock a stake for all the account's claims, from its credit and else its own ether")
    .action(lockStake);
  const unstake = command
    .command('unstake')
    .description('take the stake back to the credit, when none of its claims is live; records those that have ended')
    .action(freeStake);
  for (const one of [show, withdraw, unstake])
    withSettings(one.option('--json', 'one JSON object on stdout'), HAND_SETTINGS);
  for (const one of [deposit, stake]) {
    withSettings(one.option('--json', 'one JSON object on stdout'), [...HAND_SETTINGS, 'maxBond']);
  }
  return command;
}

async function showAccount(flags: AccountFlags): Promise<void> {
  const { l1, account } = await openHand(flags);
  await report(account, l1.url, {}, flags);
}

async function depositEther(flags: AccountFlags): Promise<void> {
  const amount = etherOf(flags.amount!);
  const { l1, account, send } = await openHand(flags, { ceiling: true });
  const { transaction } = await send('deposit', account.calls.deposit(amount));
  await report(account, l1.url, { deposited: amount, transaction }, flags);
}

async function withdrawEther(flags: AccountFlags): Promise<void> {
  const to = flags.to === undefined ? undefined : address('to', flags.to);
  const asked = flags.amount === undefined ? undefined : etherOf(flags.amount);
  const { l1, account, send } = await openHand(flags);
  const receiver = to ?? account.account.address;
  const amount = asked ?? (await account.dispute.credit(account.account.address));
  if (amount === 0n) throw new UsageError('USAGE_SETTING', `${account.account.address} has no credit to withdraw.`);
  const { transaction } = await send('withdraw', account.calls.withdraw(receiver, amount));
  await report(account, l1.url, { withdrawn: amount, receiver, transaction }, flags);
}

async function lockStake(flags: AccountFlags): Promise<void> {
  const { l1, account, send } = await openHand(flags, { ceiling: true });
  const pocket = await Pocket.of(account.dispute, account.account.address, 'stake').catch((error: unknown) =>
    failed(l1.url, error),
  );
  const { transaction } = await send('stake', account.calls.stake(pocket.next()));
  await report(account, l1.url, { transaction }, flags);
}

async function freeStake(flags: AccountFlags): Promise<void> {
  const { l1, account, send } = await openHand(flags);
  const view = await account.dispute.view().catch((error: unknown) => failed(l1.url, error));
  const ended = unrecordedClaims(view).filter(({ claimant }) => isAddressEqual(claimant, account.account.address));
  for (const { claimIds } of records(ended)) await send('resolve', account.calls.resolve(claimIds));
  const { transaction } = await send('unstake', account.calls.unstake());
  await report(account, l1.url, { recorded: ended.length, transaction }, flags);
}

async function report(account: L1Account, url: string, done: object, { json }: AccountFlags): Promise<void> {
  const { address: self } = account.account;
  const balance = account.reader.getBalance({ address: self });
  const [{ credit, stake, locked, lost }, held] = await Promise.all([atStake(account.dispute, self), balance]).catch(
    (error: unknown) => failed(url, error),
  );
  const lines = Object.entries(done).map(
    ([what, value]) => `${what} ${typeof value === 'bigint' ? `${formatEther(value)} ether` : value}`,
  );
  new Output(json === true).result(
    { account: self, balance: held, credit, locked, lost, stake: stake?.id ?? null, ...done },
    [
      ...lines,
      `${self}: ${formatEther(held)} ether, credit ${formatEther(credit)}, locked ${formatEther(locked)}, lost ${formatEther(lost)}, ${stakeWords(stake)}`,
    ],
  );
}

function stakeWords(stake: StakeView | undefined): string {
  return stake === undefined ? 'no stake' : `stake ${stake.id} with ${stake.live} live claims`;
}

/** Wei. @throws UsageError `USAGE_SETTING` */
function etherOf(text: string): bigint {
  if (/^\d{1,9}(\.\d{1,18})?$/.test(text) && parseEther(text) > 0n) return parseEther(text);
  throw new UsageError('USAGE_SETTING', `--amount is "${text}", not an amount of ether.`, {
    hint: 'Write it like 1.5.',
  });
}
