import type { Common } from '@ethereumjs/common';
import { EVMError, type EVMOpts, getOpcodesForHF } from '@ethereumjs/evm';
import { OPCODES } from '../evm/opcodes.js';

/** ethereumjs' form of an opcode that is defined from outside. */
type CustomOpcode = NonNullable<EVMOpts['customOpcodes']>[number];
type AddedOpcode = Extract<CustomOpcode, { readonly logicFunction: unknown }>;

/** The machine as ethereumjs shows it to the code of an opcode. */
export type RunState = Parameters<AddedOpcode['logicFunction']>[0];

/** Hears of every opcode before it is executed. Both methods may throw an `EVMError`, which halts the frame. */
export interface StepListener {
  /** Before anything is looked at. */
  before(op: number, state: RunState): void;
  /** When the whole price is known and not yet paid; not called where computing it already halts. */
  priced(op: number, state: RunState, cost: bigint): void;
}

/**
 * Cancun's opcodes, each telling `listener` first; those that this version does not cover (`OPCODES`) halt like INVALID. Not by ethereumjs'
 * step event: that copies the whole memory for every opcode, which a contract with a large memory makes arbitrarily slow.
 * @param common with the parameters of the EVM
 */
export function versionOpcodes(common: Common, listener: StepListener): CustomOpcode[] {
  const { opcodes, handlers, dynamicGasHandlers } = getOpcodesForHF(common);
  return Array.from({ length: 256 }, (_, opcode): AddedOpcode => {
    const [covered, native, handler] = [OPCODES[opcode], opcodes.get(opcode), handlers.get(opcode)];
    if (covered === undefined || native === undefined || handler === undefined) return halting(opcode, listener);
    const price = dynamicGasHandlers.get(opcode);
    return {
      opcode,
      opcodeName: native.name,
      baseFee: native.fee,
      gasFunction: price === undefined ? fixedPrice(opcode, listener) : changingPrice(opcode, listener, price),
      logicFunction: handler,
    };
  });
}

type GasFunction = NonNullable<AddedOpcode['gasFunction']>;

/** Without a promise: most opcodes have a fixed price, and ethereumjs awaits whatever it gets. */
function fixedPrice(opcode: number, listener: StepListener): GasFunction {
  return (state, gas) => {
    listener.before(opcode, state);
    listener.priced(opcode, state, gas);
    return gas;
  };
}

function changingPrice(opcode: number, listener: StepListener, price: GasFunction): GasFunction {
  return async (state, gas, fork) => {
    listener.before(opcode, state);
    const cost = await price(state, gas, fork);
    listener.priced(opcode, state, cost);
    return cost;
  };
}

function halting(opcode: number, listener: StepListener): AddedOpcode {
  const halt = () => {
    throw new EVMError(EVMError.errorMessages.INVALID_OPCODE);
  };
  return {
    opcode,
    opcodeName: 'UNCOVERED',
    baseFee: 0,
    gasFunction: async (state) => {
      listener.before(opcode, state);
      return halt();
    },
    logicFunction: halt,
  };
}
