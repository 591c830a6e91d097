import { streams } from '../src-shared/ipc.ts';
import { type LiveSource, LiveSwitch } from '../src-shared/live.ts';
import type { ApprovalAnswer, ApprovalView } from '../src-shared/views/approval.ts';
import type { WaitingDevice } from '../src-shared/views/device.ts';
import type { HubLogLine, HubMetrics } from '../src-shared/views/hub.ts';
import type { AgentView, MeshEvent, StationView } from '../src-shared/views/mesh.ts';
import type { BudgetView, UsageDayView } from '../src-shared/views/usage.ts';
import type { WorkView } from '../src-shared/views/work.ts';
import type { Hub } from './hub/hub.ts';
import type { Approvals } from './policy/approvals.ts';
import type { Station } from './station.ts';
import type { StationProject } from './station-project.ts';

/** What a node shows live, whatever lattice it is on at the moment. */
export class NodeStreams {
  readonly stations = new LiveSwitch<StationView>(streams['stations.watch'].key);
  readonly agents = new LiveSwitch<AgentView>(streams['agents.watch'].key);
  readonly events = new LiveSwitch<MeshEvent>(streams['events.watch'].key);
  readonly works = new LiveSwitch<WorkView>(streams['works.watch'].key);
  /** What models cost, by day and station. */
  readonly usage = new LiveSwitch<UsageDayView>(streams['usage.watch'].key);
  /** The caps of lattice.yaml with what is used of them. */
  readonly budgets = new LiveSwitch<BudgetView>(streams['usage.budgets'].key);
  /** Runs that wait for the owner of this machine. */
  readonly approvals = new LiveSwitch<ApprovalView>(streams['approvals.watch'].key);
  /** The devices that ask the hub here to be let in. */
  readonly waiting = new LiveSwitch<WaitingDevice>(streams['devices.waiting'].key);
  readonly hubLog = new LiveSwitch<HubLogLine>(streams['hub.log'].key);
  readonly hubMetrics = new LiveSwitch<HubMetrics>(streams['hub.metrics'].key);
  #approvals: Approvals | undefined;

  /** Shows what this place on the mesh sees, or nothing. */
  protected showStation(station: Station | undefined): void {
    this.works.attach(station?.workOff ? undefined : station?.work.works.live);
    this.stations.attach(station?.mesh.registry.stations);
    this.agents.attach(station?.mesh.registry.agents);
    this.events.attach(station?.mesh.registry.events);
  }

  /** Shows what this machine counts and what waits for its owner, on a lattice or outside of one. */
  protected showProject({ usage, policy }: Pick<StationProject, 'usage' | 'policy'>): void {
    this.usage.attach(usage.days);
    this.budgets.attach(usage.budgets);
    this.#approvals = policy.approvals;
    this.approvals.attach(policy.approvals.waiting);
  }

  /** Takes the owner's answer from the window. @throws LatticeError `not_found` when nothing waits any more, `conflict`. */
  answerApproval(answer: ApprovalAnswer): void {
    this.#approvals?.answer(answer, 'window');
  }

  /** Shows the hub that runs here, or nothing. */
  protected showHub(hub: Hub | undefined, waiting?: LiveSource<WaitingDevice>): void {
    this.waiting.attach(waiting);
    this.hubLog.attach(hub?.log);
    this.hubMetrics.attach(hub?.metrics);
  }
}
