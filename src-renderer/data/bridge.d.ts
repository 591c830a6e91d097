import type { LatticeBridge } from '../../src-shared/ipc.ts';

declare global {
  interface Window {
    readonly lattice: LatticeBridge;
  }
}
