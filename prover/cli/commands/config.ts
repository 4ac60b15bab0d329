import { Command } from 'commander';
import { listSettings, SETTINGS, type SettingName } from '../../config/settings.js';
import { Output } from '../output.js';
import { withSettings } from '../settings.js';

/** `config`: what every command about L1 would be told here, and where that comes from. */
export function configCommand(): Command {
  const command = new Command('config')
    .description('list settings, their values and where these come from: flag, environment, file or default')
    .option('--json', 'one JSON object on stdout')
    .action((flags: Record<string, unknown> & { readonly json?: boolean }) => {
      const settings = listSettings({ flags, env: process.env });
      const lines = settings.map(
        ({ flag, value = '-', source, about }) => `${flag.padEnd(20)} ${value}  (${source}) ${about}`,
      );
      new Output(flags.json === true).result({ settings }, lines);
    });
  return withSettings(command, Object.keys(SETTINGS) as SettingName[]);
}
