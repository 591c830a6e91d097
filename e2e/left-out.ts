import { whyNoNetworks } from './network-support.ts';

/** Says before the first test what this machine cannot test. */
export function setup(): void {
  const reason = whyNoNetworks();
  if (reason !== undefined)
    process.stderr.write(`Left out: the tests of two machines on a network; ${reason}.\n`);
}
