import { type Address, type Hex, isAddress } from 'viem';
import { z } from 'zod';
import { UsageError } from '../../src/errors/usage.js';
import type { DeployedContracts } from '../../src/l1/deploy.js';
import { readJsonFile } from './files.js';

const FORMAT = 'deltaproof/deployment/1';
const decimal = z
  .string()
  .regex(/^(0|[1-9]\d{0,77})$/)
  .transform(BigInt);
const address = z
  .string()
  .refine((it) => isAddress(it, { strict: false }))
  .transform((it) => it as Address);

const deploymentFile = z.strictObject({
  format: z.literal(FORMAT),
  l1ChainId: z.number().int().positive(),
  verifier: address,
  rollup: address,
  dispute: address,
  block: decimal,
  sequencer: address,
  genesisRoot: decimal,
  keySet: z.string(),
  keySetHash: z
    .string()
    .regex(/^0x[0-9a-f]{64}$/)
    .transform((it) => it as Hex),
});

/** Which rollup on which L1: what `deploy` wrote (FORMATS.md, "Deployment file"). */
export interface DeploymentFile extends DeployedContracts {
  readonly l1ChainId: number;
  readonly sequencer: Address;
  /** State root of genesis. */
  readonly genesisRoot: bigint;
  readonly keySet: string;
  readonly keySetHash: Hex;
}

/** The text of a deployment file that {@link readDeployment} reads back. */
export function deploymentText(deployment: DeploymentFile): string {
  const file = { format: FORMAT, ...deployment };
  return `${JSON.stringify(file, (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value), 2)}\n`;
}

/** Reads a deployment file. @throws UsageError `USAGE_DEPLOYMENT` when it cannot be read or is none */
export function readDeployment(path: string): DeploymentFile {
  const content = readJsonFile(path, (why, cause) => {
    throw new UsageError('USAGE_DEPLOYMENT', `Cannot read the deployment ${path}: ${why}.`, {
      hint: 'Give --deployment with the file that "deltaproof deploy" or "deltaproof devnet" wrote.',
      cause,
    });
  });
  const parsed = deploymentFile.safeParse(content);
  if (!parsed.success) {
    const [first] = parsed.error.issues;
    throw new UsageError(
      'USAGE_DEPLOYMENT',
      `${path} is no deployment: ${first!.path.join('.') || 'it'}: ${first!.message}.`,
      {
        hint: 'Give the file that "deltaproof deploy" wrote.',
      },
    );
  }
  const { format: _, ...deployment } = parsed.data;
  return deployment;
}
