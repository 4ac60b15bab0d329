import { type DeltaproofErrorOptions, DomainError } from './base.js';

/** Error codes of JSON-RPC 2.0 and, from -32001 on, of EIP-1474. */
export const RPC_CODE = {
  parse: -32_700,
  invalidRequest: -32_600,
  unknownMethod: -32_601,
  invalidParams: -32_602,
  internal: -32_603,
  notFound: -32_001,
  unavailable: -32_002,
  rejected: -32_003,
  limit: -32_005,
  /** Geth's code for most things; clients install a filter anew at it. */
  server: -32_000,
  /** Not of these: what Ethereum's nodes answer when code reverts. */
  reverted: 3,
} as const;

/** Codes of {@link RpcError}. */
export type RpcErrorCode =
  | 'RPC_PARSE'
  | 'RPC_REQUEST'
  | 'RPC_METHOD'
  | 'RPC_PARAMS'
  | 'RPC_INTERNAL'
  | 'RPC_BLOCK_UNKNOWN'
  | 'RPC_BODY_TOO_LARGE'
  | 'RPC_BATCH_TOO_LARGE'
  | 'RPC_ALREADY_KNOWN'
  | 'RPC_FILTER_UNKNOWN'
  | 'RPC_SUBSCRIPTION'
  | 'RPC_RESPONSE_TOO_LARGE'
  | 'RPC_L1_UNAVAILABLE'
  | 'RPC_LISTEN'
  | 'RPC_REVERTED'
  | 'RPC_TOO_MANY_LOGS';

/** The JSON-RPC door. */
export class RpcError extends DomainError<RpcErrorCode> {
  /** What JSON-RPC calls the error. */
  readonly rpcCode: number;

  constructor(rpcCode: number, code: RpcErrorCode, message: string, options: DeltaproofErrorOptions = {}) {
    super(code, message, options);
    this.rpcCode = rpcCode;
  }
}
