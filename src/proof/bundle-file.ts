import type { Address, Hex } from 'viem';
import type { Header } from '../batch/types.js';
import { BundleError } from '../errors/proof.js';
import type { Bundle, Mode } from './types.js';

const FORMAT = 'deltaproof/bundle/2';
const U64 = 64;
const U256 = 256;

/** FORMATS.md, "Bundle file": the one text of a bundle. */
export function encodeBundle(bundle: Bundle): string {
  const { header: h } = bundle;
  const json = {
    format: FORMAT,
    l1ChainId: bundle.l1ChainId.toString(),
    verifier: lower(bundle.verifier),
    beneficiary: lower(bundle.beneficiary),
    keySetHash: lower(bundle.keySetHash),
    rulesHash: lower(bundle.rulesHash),
    header: {
      version: h.version.toString(),
      number: h.number.toString(),
      parent: lower(h.parent),
      txsHash: lower(h.txsHash),
      timestamp: h.timestamp.toString(),
      originNumber: h.originNumber.toString(),
      originHash: lower(h.originHash),
      feeRecipient: lower(h.feeRecipient),
      gasLimit: h.gasLimit.toString(),
      baseFee: h.baseFee.toString(),
      chainId: h.chainId.toString(),
    },
    preRoot: bundle.preRoot.toString(),
    mode: bundle.mode,
    value: bundle.value.toString(),
    parts: bundle.parts.map(lower),
  };
  return `${JSON.stringify(json, null, 2)}\n`;
}

/**
 * Reads a bundle file; nothing is judged but its form.
 * @throws BundleError `BUNDLE_NOT_JSON`, `BUNDLE_FIELD`, `BUNDLE_NOT_CANONICAL`
 */
export function parseBundle(file: string | Uint8Array): Bundle {
  const text = typeof file === 'string' ? file : decodeUtf8(file);
  const fields = new Fields(parseJson(text), '');
  if (fields.string('format') !== FORMAT) throw new BundleError('BUNDLE_FIELD', `format is not ${FORMAT}.`);
  const header = fields.object('header');
  const bundle: Bundle = {
    l1ChainId: fields.integer('l1ChainId', U256),
    verifier: fields.hex('verifier', 20),
    beneficiary: fields.hex('beneficiary', 20),
    keySetHash: fields.hex('keySetHash', 32),
    rulesHash: fields.hex('rulesHash', 32),
    header: headerOf(header),
    preRoot: fields.integer('preRoot', U256),
    mode: modeOf(fields.string('mode')),
    value: fields.integer('value', U256),
    parts: fields.hexList('parts'),
  };
  if (encodeBundle(bundle) !== text) {
    throw new BundleError('BUNDLE_NOT_CANONICAL', 'The bundle file is not written as FORMATS.md says.', {
      hint: 'Other keys, another order, other spacing or upper-case digits are refused: a bundle has one text only.',
    });
  }
  return bundle;
}

function headerOf(fields: Fields): Header {
  return {
    version: fields.integer('version', U64),
    number: fields.integer('number', U64),
    parent: fields.hex('parent', 32),
    txsHash: fields.hex('txsHash', 32),
    timestamp: fields.integer('timestamp', U64),
    originNumber: fields.integer('originNumber', U64),
    originHash: fields.hex('originHash', 32),
    feeRecipient: fields.hex('feeRecipient', 20) as Address,
    gasLimit: fields.integer('gasLimit', U64),
    baseFee: fields.integer('baseFee', U64),
    chainId: fields.integer('chainId', U64),
  };
}

function modeOf(mode: string): Mode {
  if (mode === 'diff' || mode === 'root') return mode;
  throw new BundleError('BUNDLE_FIELD', `mode is "${mode}", not diff or root.`);
}

/** Checked access to the fields of a JSON object. */
class Fields {
  readonly #object: Readonly<Record<string, unknown>>;
  readonly #path: string;

  constructor(value: unknown, path: string) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new BundleError('BUNDLE_FIELD', `${path === '' ? 'The file' : path} is not a JSON object.`);
    }
    this.#object = value as Readonly<Record<string, unknown>>;
    this.#path = path;
  }

  #refuse(name: string, expected: string): never {
    throw new BundleError('BUNDLE_FIELD', `${this.#path}${name} is not ${expected}.`);
  }

  #get(name: string): unknown {
    return Object.hasOwn(this.#object, name) ? this.#object[name] : this.#refuse(name, 'there');
  }

  object(name: string): Fields {
    return new Fields(this.#get(name), `${this.#path}${name}.`);
  }

  string(name: string): string {
    const value = this.#get(name);
    return typeof value === 'string' ? value : this.#refuse(name, 'a string');
  }

  integer(name: string, bits: number): bigint {
    const text = this.string(name);
    if (!/^(0|[1-9][0-9]{0,77})$/.test(text)) this.#refuse(name, 'a decimal string');
    const value = BigInt(text);
    return value < 1n << BigInt(bits) ? value : this.#refuse(name, `below 2^${bits}`);
  }

  hex(name: string, bytes?: number): Hex {
    return this.#checkHex(name, this.#get(name), bytes);
  }

  hexList(name: string): Hex[] {
    const value = this.#get(name);
    if (!Array.isArray(value)) this.#refuse(name, 'a list');
    return (value as unknown[]).map((item, i) => this.#checkHex(`${name}[${i}]`, item));
  }

  #checkHex(name: string, value: unknown, bytes?: number): Hex {
    if (typeof value !== 'string' || value.length % 2 !== 0 || !/^0x[0-9a-f]*$/.test(value)) {
      return this.#refuse(name, 'a lower-case hex string of whole bytes');
    }
    if (bytes !== undefined && value.length !== 2 + 2 * bytes) this.#refuse(name, `${bytes} bytes long`);
    return value as Hex;
  }
}

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new BundleError('BUNDLE_NOT_JSON', 'The bundle file is not UTF-8.', { cause });
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new BundleError('BUNDLE_NOT_JSON', `The bundle file is not JSON: ${String(cause)}`, { cause });
  }
}

function lower<T extends Hex>(hex: T): T {
  return hex.toLowerCase() as T;
}
