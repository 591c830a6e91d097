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
  /** How long a call is silent until its station is asked how it stands. */
  askEveryMs: number;
  /** How long a call waits for the only station that could take it to listen again; it dials at least every 5 s. */
  returnWaitMs: number;
}

export const DEFAULT_TIMING: MeshTiming = {
  heartbeatMs: HEARTBEAT_MS,
  lateAfterMs: LATE_AFTER_MS,
  offlineAfterMs: OFFLINE_AFTER_MS,
  sweepMs: 500,
  loadChangeMs: 1_000,
  askEveryMs: 5_000,
  returnWaitMs: 6_000,
};
