import { describeForgeries } from '../helpers/forgery.js';

// Each lies in one place and is as consistent as can be everywhere else.
await describeForgeries(new URL('./', import.meta.url), 'forgeries.ts');
