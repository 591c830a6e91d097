import { hostname, userInfo } from 'node:os';
import type { LatticeError } from '../src-shared/errors.ts';
import type { AgentDefinition, Runner } from './agents/runner.ts';
import { personActor } from './boards/person-actor.ts';
import type { StationConfig } from './config/setting-table.ts';
import type { HostedHub } from './hosted-hub.ts';
import { Approvals } from './policy/approvals.ts';
import { OwnerDesk } from './policy/owner-desk.ts';
import { approvalsFolder } from './policy/owner-files.ts';
import { RunGate } from './policy/run-gate.ts';
import { isDescendant } from './system/process-family.ts';

type PolicyConfig = Pick<StationConfig, 'station_name' | 'runs_allow' | 'runs_people' | 'runs_agents'>;

/** Who may run the agents of one station, and what waits for its owner. */
export interface StationPolicy extends AsyncDisposable {
  readonly approvals: Approvals;
  /** What stands before the agents, for a place on a lattice with this hub of ours, or on one elsewhere. */
  gate(hub: Pick<HostedHub, 'isGuarded' | 'hub'> | undefined): RunGate;
  /** Takes changed settings; they count from the next run on. */
  configure(config: PolicyConfig): void;
}

export interface StationPolicyOptions {
  /** The folder of the station's own state. */
  stationDir: string;
  /** The project folder. */
  folder: string;
  /** The id of the station. */
  id: string;
  config: PolicyConfig;
  engine: Runner;
  definitions(): readonly AgentDefinition[];
  onProblem(problem: LatticeError): void;
}

/** Opens the policy of a station. @throws LatticeError `io_failed`. */
export async function openPolicy(options: StationPolicyOptions): Promise<StationPolicy> {
  const { id, folder, engine, definitions, onProblem } = options;
  let { config } = options;
  const approvals = new Approvals();
  const desk = await OwnerDesk.open({
    folder: approvalsFolder(options.stationDir),
    approvals,
    isOwnChild: (pid) => isDescendant(pid, process.pid),
    onProblem,
  });
  return {
    approvals,
    gate: (hub) =>
      new RunGate({
        engine,
        approvals,
        station: { id, name: () => config.station_name },
        folder,
        policy: () => ({
          allow: config.runs_allow,
          people: config.runs_people,
          agents: config.runs_agents,
        }),
        definition: (agent) => definitions().find(({ info }) => info.name === agent),
        // Only programs of this machine reach a hub on loopback; elsewhere anybody could call themselves so.
        isOwnName: (name) =>
          hub !== undefined &&
          !hub.isGuarded &&
          !hub.hub.view.value.shared &&
          ownNames(id, config.station_name).includes(name),
      }),
    configure: (changed) => {
      config = changed;
    },
    [Symbol.asyncDispose]: () => desk[Symbol.asyncDispose](),
  };
}

/** How the window and the commands of this user call themselves. */
function ownNames(id: string, station: string): string[] {
  return [id, station, `${userInfo().username}@${hostname()}`, personActor()];
}
