// Entry of the child processes that make verifying keys.
import { serveChild } from '../child.js';
import { type VerifyingInput, type VerifyingPart, verifyingPart } from './verifying-key.js';

serveChild<VerifyingInput, VerifyingPart>(verifyingPart);
