import { Emitter } from '../../src-shared/emitter.ts';
import { LatticeError } from '../../src-shared/errors.ts';
import type { Sender } from '../../src-shared/protocol/sender.ts';
import type { AgentDefinition, RunControls, Runner, RunOutcome, RunRequest } from '../agents/runner.ts';
import { approvalDigest } from './approval-digest.ts';
import type { Approvals, Decision } from './approvals.ts';
import { judgeRun, type RunPolicy } from './run-policy.ts';

/** Runs that may wait for the owner without holding a slot; more of them hold theirs, so that the queue stays where it is. */
const MOST_ASIDE = 20;

export interface RunGateOptions {
  engine: Runner;
  approvals: Approvals;
  station: { id: string; name(): string };
  /** The folder that its agents work in. */
  folder: string;
  policy(): RunPolicy;
  /** The definition as it is now, which may be another one than when the run was asked for. */
  definition(agent: string): AgentDefinition | undefined;
  /** Whether a sender that nobody proves is this machine itself. */
  isOwnName(name: string): boolean;
}

/** What became of a run at the gate, for the log. */
export interface GateDecision {
  type: 'run_refused' | 'run_approved' | 'run_denied';
  agent: string;
  workId: string;
  attempt: number;
  sender: Sender;
  /** Of what was asked, when the owner was asked. */
  digest?: string;
  /** Where the owner answered. */
  by?: string;
  reason?: string;
}

/** Stands before every run of a station: lets it run, refuses it, or waits for the owner. */
export class RunGate implements Runner {
  readonly decided = new Emitter<GateDecision>();
  readonly #options: RunGateOptions;
  #aside = 0;

  constructor(options: RunGateOptions) {
    this.#options = options;
  }

  async run(request: RunRequest, controls: RunControls): Promise<RunOutcome> {
    // What is shown, what is hashed and what runs are one copy that nobody else holds.
    const own: RunRequest = { ...request, context: structuredClone(request.context) };
    let allowed: string | undefined;
    for (;;) {
      const agent = this.#options.definition(own.agent.info.name);
      if (!agent) return failed(this.#gone(own));
      const wanted = { ...own, agent };
      const judged = this.#judge(wanted, controls.sender);
      if (judged.verdict === 'refuse') return this.#refuse(wanted, controls.sender, judged.error);
      if (judged.verdict === 'run') return this.#options.engine.run(wanted, controls);
      const digest = this.#digest(wanted, controls.sender);
      if (digest === allowed) return this.#options.engine.run(wanted, controls);
      try {
        const decision = await this.#ask(wanted, digest, judged.because, controls);
        this.#tell(wanted, controls.sender, {
          type: decision.allow ? 'run_approved' : 'run_denied',
          digest,
          by: decision.by,
        });
        if (!decision.allow) return failed(this.#denied(wanted));
        allowed = digest;
      } catch (thrown) {
        return this.#unanswered(wanted, digest, controls, LatticeError.from(thrown));
      }
    }
  }

  #judge({ agent: { info } }: RunRequest, sender: Sender) {
    const { policy, station, isOwnName } = this.#options;
    return judgeRun(policy(), {
      agent: info.name,
      demandsApproval: info.approval === 'required',
      sender,
      isOwn: sender.verified ? sender.id === station.id : isOwnName(sender.name),
      stationName: station.name(),
    });
  }

  #digest({ agent, task, context, workId }: RunRequest, sender: Sender): string {
    return approvalDigest({ stationId: this.#options.station.id, agent, task, context, sender, workId });
  }

  async #ask(
    request: RunRequest,
    digest: string,
    because: 'agent' | 'rule',
    controls: RunControls,
  ): Promise<Decision> {
    const { station, approvals, folder } = this.#options;
    const { agent, task, context, workId, attempt } = request;
    const name = station.name();
    await controls.report({ type: 'progress', message: `Waits for the owner of ${name} to allow it.` });
    const asking = () =>
      approvals.ask(
        {
          digest,
          station_id: station.id,
          station_name: name,
          agent: agent.info.name,
          description: agent.info.description,
          folder: 'cwd' in agent.run ? agent.run.cwd : folder,
          task,
          context,
          sender: controls.sender,
          work_id: workId,
          attempt,
          because,
        },
        controls.signal,
      );
    if (controls.setAside === undefined || this.#aside >= MOST_ASIDE) return asking();
    this.#aside++;
    try {
      return await controls.setAside(asking);
    } finally {
      this.#aside--;
    }
  }

  #refuse(request: RunRequest, sender: Sender, error: LatticeError): RunOutcome {
    this.#tell(request, sender, { type: 'run_refused', reason: error.message });
    return failed(error);
  }

  /** A run that was stopped while it waited is cancelled; one that nobody answered was not allowed. */
  #unanswered(
    request: RunRequest,
    digest: string,
    { signal, sender }: RunControls,
    error: LatticeError,
  ): RunOutcome {
    if (signal.aborted) return { status: 'cancelled', reason: error.message };
    if (error.code === 'not_allowed')
      this.#tell(request, sender, { type: 'run_denied', digest, reason: error.message });
    return failed(error);
  }

  #gone({ agent: { info } }: RunRequest): LatticeError {
    return new LatticeError(
      'not_found',
      `${this.#options.station.name()} does not offer ${info.name} any more.`,
    );
  }

  #denied({ agent: { info } }: RunRequest): LatticeError {
    const name = this.#options.station.name();
    return new LatticeError('not_allowed', `The owner of ${name} did not allow this run of ${info.name}.`, {
      hint: 'Ask them why before you give it again.',
    });
  }

  #tell(
    { agent, workId, attempt }: RunRequest,
    sender: Sender,
    said: Pick<GateDecision, 'type' | 'digest' | 'by' | 'reason'>,
  ): void {
    this.decided.emit({ agent: agent.info.name, workId, attempt, sender, ...said });
  }
}

function failed(error: LatticeError): RunOutcome {
  return { status: 'failed', error: error.toShape() };
}
