/** Every wait of a hub, in milliseconds. */
export interface HubTiming {
  poll: number;
  ready: number;
  adopt: number;
  backoffFirst: number;
  backoffMax: number;
  /** This many exits within `exitWindow` and the hub gives up. */
  exitLimit: number;
  exitWindow: number;
  reload: number;
  lameDuck: number;
  interrupt: number;
  watch: number;
  logPoll: number;
  metrics: number;
}

export const defaultTiming: HubTiming = {
  poll: 10,
  ready: 60_000,
  adopt: 1_000,
  backoffFirst: 250,
  backoffMax: 10_000,
  exitLimit: 5,
  exitWindow: 120_000,
  reload: 3_000,
  lameDuck: 6_000,
  interrupt: 5_000,
  watch: 200,
  logPoll: 250,
  metrics: 1_000,
};
