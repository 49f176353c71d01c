/** Imported before any schema: the page's CSP forbids `eval`, so zod must not try to compile. */
import { z } from 'zod';

z.config({ jitless: true });
