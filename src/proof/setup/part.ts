// Entry of the set-up's child processes.
import { serveChild } from '../child.js';
import { computePart, type PartInput } from './sections.js';

serveChild<PartInput, void>(computePart);
