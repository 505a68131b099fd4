import { fileURLToPath } from 'node:url';

/** The Node that the functions are built for; test/support/install-tools.sh installs it. */
export const node24 = fileURLToPath(new URL('../../.tools/node_modules/node/bin/node', import.meta.url));
