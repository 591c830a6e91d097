import manifest from '../package.json' with { type: 'json' };

/** The version of Lattice, from package.json. */
export const VERSION = manifest.version;
