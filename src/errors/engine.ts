import { DomainError } from './base.js';

/** Codes of {@link EngineError}. */
export type EngineErrorCode = 'ENGINE_MEMORY' | 'ENGINE_STOPPED';

/** The proof engine. */
export class EngineError extends DomainError<EngineErrorCode> {}
