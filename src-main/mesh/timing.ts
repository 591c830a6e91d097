import { HEARTBEAT_MS, LATE_AFTER_MS, OFFLINE_AFTER_MS } from '../../src-shared/protocol/station.ts';

/** The clock of presence, in milliseconds; tests scale it. */
export interface MeshTiming {
  heartbeatMs: number;
  lateAfterMs: number;
  offlineAfterMs: number;
  /** How often ages are looked at. */
  sweepMs: number;
  /** The shortest time between two heartbeats that a change of load brings forward. */
  loadChangeMs: number;
}

export const DEFAULT_TIMING: MeshTiming = {
  heartbeatMs: HEARTBEAT_MS,
  lateAfterMs: LATE_AFTER_MS,
  offlineAfterMs: OFFLINE_AFTER_MS,
  sweepMs: 500,
  loadChangeMs: 1_000,
};
