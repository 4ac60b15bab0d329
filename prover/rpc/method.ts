import { RPC_CODE, RpcError } from '../../src/errors/rpc.js';
import type { RpcContext } from './context.js';

/** What a parser throws for a value that it does not accept: "must be ...". Never leaves the RPC door. */
export class WrongParameter extends Error {}

/** One positional parameter of a method. */
export interface Parameter<T> {
  readonly name: string;
  /** Its value when it is absent or null; a parameter without is required. */
  readonly fallback?: T;
  /** @throws WrongParameter */
  parse(value: unknown): T;
}

/** A method by its positional parameters, of any type. */
export type Method = (context: RpcContext, params: readonly unknown[]) => Promise<unknown>;

type Values<P extends readonly Parameter<unknown>[]> = {
  [K in keyof P]: P[K] extends Parameter<infer T> ? T : never;
};

/**
 * A method that parses its parameters before it runs.
 * @returns a method that throws RpcError `RPC_PARAMS`, naming the parameter
 */
export function method<const P extends readonly Parameter<unknown>[]>(
  parameters: P,
  run: (context: RpcContext, ...values: Values<P>) => unknown,
): Method {
  return async (context, params) => {
    if (params.length > parameters.length) {
      throw wrong(`there are ${params.length}, and the method takes ${parameters.length} at most`);
    }
    const values = parameters.map((parameter, i) => parseValue(parameter, params[i], i));
    return run(context, ...(values as Values<P>));
  };
}

function parseValue(parameter: Parameter<unknown>, value: unknown, index: number): unknown {
  const { name, fallback } = parameter;
  const place = `parameter ${index + 1} (${name})`;
  if (value === undefined || value === null) {
    if (fallback === undefined) throw wrong(`${place} is missing`, name);
    return fallback;
  }
  try {
    return parameter.parse(value);
  } catch (error) {
    if (error instanceof WrongParameter) throw wrong(`${place} ${error.message}, and is ${preview(value)}`, name);
    throw error;
  }
}

function wrong(what: string, parameter?: string): RpcError {
  const details = parameter === undefined ? {} : { details: { parameter } };
  return new RpcError(RPC_CODE.invalidParams, 'RPC_PARAMS', `Invalid params: ${what}.`, details);
}

/** The value for a message; no more than one level of it, since a caller may nest as deep as it likes. */
function preview(value: unknown): string {
  if (typeof value === 'object') return Array.isArray(value) ? 'a list' : 'an object';
  const text = JSON.stringify(value);
  return text.length <= 80 ? text : `${text.slice(0, 77)}...`;
}
