import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import solc from 'solc';

const { resolve } = createRequire(import.meta.url);

/** Compiles a contract of `contracts/`; what it imports of packages is found as Node finds modules. */
export function compile(name) {
  const path = `contracts/${name}.sol`;
  const input = {
    language: 'Solidity',
    sources: { [path]: { content: readFileSync(new URL(path, import.meta.url), 'utf8') } },
    settings: {
      evmVersion: 'cancun',
      optimizer: { enabled: true },
      outputSelection: { '*': { '*': ['abi', 'evm.bytecode.object'] } },
    },
  };
  const read = (file) => ({ contents: readFileSync(resolve(file), 'utf8') });
  const { errors = [], contracts } = JSON.parse(solc.compile(JSON.stringify(input), { import: read }));
  if (errors.length > 0) throw new Error(errors.map(({ formattedMessage }) => formattedMessage).join('\n'));
  const { abi, evm } = contracts[path][name];
  return { abi, bytecode: `0x${evm.bytecode.object}` };
}
