import { describeForgeries } from '../helpers/forgery.js';

// Each lies in one place and is consistent everywhere else.
await describeForgeries(new URL('./forgeries/', import.meta.url));
