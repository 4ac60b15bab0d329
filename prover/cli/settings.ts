import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import type { Command } from 'commander';
import type { PrivateKeyAccount } from 'viem';
import { accountOfSettings, KEY_SETTINGS } from '../config/keys.js';
import { optionOf, readSettings, type SettingName, type Settings } from '../config/settings.js';

/** For the help of commands that send transactions. */
export const ACCOUNT_HELP =
  '\nThe account that signs and pays: --keystore, --private-key-file, else the private key in DELTAPROOF_PRIVATE_KEY.';

/** Adds the flags of settings to a command, and `--config`. */
export function withSettings(command: Command, names: readonly SettingName[]): Command {
  for (const name of names) command.option(...optionOf(name));
  return command.option('--config <file>', 'configuration file (DELTAPROOF_CONFIG, default deltaproof.json)');
}

/** The settings of a command: its flags, else the environment, else the file. @throws UsageError `USAGE_SETTING`, `USAGE_FILE` */
export function settingsOf<N extends SettingName>(names: readonly N[], flags: object): Settings<N> {
  return readSettings(names, { flags: flags as Record<string, unknown>, env: process.env });
}

/** The account that a command signs with; asks for a password on a terminal. @throws what {@link accountOfSettings} throws */
export function signer(flags: object): Promise<PrivateKeyAccount> {
  const prompt = process.stdin.isTTY === true ? { prompt: askPassword } : {};
  return accountOfSettings({ settings: settingsOf(KEY_SETTINGS, flags), env: process.env, ...prompt });
}

/** Asks on the terminal; what is typed is not shown. */
async function askPassword(question: string): Promise<string> {
  process.stderr.write(question);
  const output = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output, terminal: true });
  try {
    return await lines.question('');
  } finally {
    lines.close();
    process.stderr.write('\n');
  }
}
