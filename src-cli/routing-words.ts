import type { AgentPosition } from '../src-main/routing/model-router.ts';
import { duration } from '../src-shared/duration.ts';
import type { CoolDown } from '../src-shared/routing/cool-down.ts';
import type { Decision } from '../src-shared/routing/decision.ts';
import { explain, reasonInShort } from '../src-shared/routing/explain.ts';
import { modelRef } from '../src-shared/routing/model-ref.ts';
import { dollars } from '../src-shared/routing/money.ts';
import { isForeseeable, planLabel, type RoutingPlan } from '../src-shared/routing/plan.ts';
import { paint, table } from './output.ts';

/** One decision: the model and, when asked or when there is none, every candidate. */
export function oneCall(decision: Decision | undefined, withCandidates: boolean, now: number): string[] {
  if (decision === undefined) return [];
  const [headline = '', ...candidates] = explain(decision, now);
  const shown = withCandidates || decision.outcome !== 'chosen' ? candidates : [];
  return [decision.outcome === 'chosen' ? headline : paint('red', headline), ...shown.map(candidateLine)];
}

/** The next calls as a table, with what they cost together. Reasons that are those of the call before are not said again. */
export function nextCalls(decisions: readonly Decision[], withCandidates: boolean): string[] {
  const rows = decisions.map((decision, index) => [
    String(index + 1).padStart(String(decisions.length).length),
    decision.outcome === 'chosen' ? decision.model : paint('red', 'none'),
    departs(decision) ? paint('yellow', reasonInShort(decision)) : reasonInShort(decision),
    decision.outcome === 'chosen' ? costOf(decision.expected_usd) : '',
  ]);
  const [head = '', ...lines] = table(['#', 'Model', 'Why', 'Cost'], rows).split('\n');
  let told = '';
  const body = lines.flatMap((line, index) => {
    const decision = decisions[index];
    if (!withCandidates || decision === undefined) return [line];
    const candidates = explain(decision).slice(1);
    const same = candidates.join('\n') === told;
    told = candidates.join('\n');
    return same ? [line] : [line, ...candidates.map(candidateLine)];
  });
  return [head, ...body, '', total(decisions)];
}

/** Whether a call goes elsewhere than the strategy wanted. */
function departs(decision: Decision): boolean {
  return (
    decision.outcome !== 'chosen' || decision.skipped.length > 0 || decision.position.kind === 'stand_in'
  );
}

function candidateLine(line: string): string {
  const text = `     ${line}`;
  if (line.startsWith('✕')) return paint('yellow', text);
  return line.startsWith('✓') ? text : paint('dim', text);
}

function costOf(usd: number | undefined): string {
  if (usd === undefined) return 'not known';
  return usd === 0 ? 'free' : dollars(usd);
}

function total(decisions: readonly Decision[]): string {
  const chosen = decisions.flatMap((decision) => (decision.outcome === 'chosen' ? [decision] : []));
  const usd = chosen.reduce((sum, decision) => sum + (decision.expected_usd ?? 0), 0);
  const unpriced = chosen.filter((decision) => decision.expected_usd === undefined).length;
  const without = decisions.length - chosen.length;
  return [
    `Expected cost  ${dollars(usd)}`,
    ...(unpriced === 0 ? [] : [`${unpriced} without a known price`]),
    ...(without === 0 ? [] : [`${without} without a model`]),
  ].join(', ');
}

const pauseWords: Readonly<Record<CoolDown['cause'], string>> = {
  rate_limit: 'limits its rate',
  down: 'does not answer',
  skipped: 'is left out by a hook',
};

/** Where every agent stands, and what is paused. */
export function positionLines(
  positions: readonly AgentPosition[],
  coolDowns: Readonly<Record<string, CoolDown>>,
  now: number,
): string[] {
  if (positions.length === 0) return ['No agent of lattice.yaml has routing.'];
  const paused = Object.entries(coolDowns).filter(([, pause]) => pause.until > now);
  return [
    ...positions.flatMap((position, index) => [...(index === 0 ? [] : ['']), ...agentLines(position)]),
    ...(paused.length === 0 ? [] : ['', paint('bold', 'Paused')]),
    ...paused.map(([name, pause]) => {
      const why = pauseWords[pause.cause];
      const row = pause.strikes === 1 ? '' : `, ${pause.strikes} failures in a row`;
      return `  ${name}  ${why}, tried again in ${duration(pause.until - now)}${row}`;
    }),
  ];
}

function agentLines({ agent, state, next, callsToday }: AgentPosition): string[] {
  const { plan } = agent;
  const label = `(${planLabel(plan)}${agent.byDefault ? ', by default' : ''})`;
  return [
    `${paint('bold', agent.name)} ${paint('dim', label)}`,
    ...positionLine({ plan, state }),
    ...sharesLine({ plan, state }),
    ...nextLine(plan, next),
    `  Calls today: ${callsToday}`,
    ...plan.problems.map((problem) => `  ${paint('yellow', 'warning')} ${problem}`),
  ];
}

function nextLine(plan: RoutingPlan, next: Decision): string[] {
  if (next.outcome !== 'chosen') return [`  Next model: ${paint('red', next.why)}`];
  return isForeseeable(plan) ? [`  Next model: ${next.model}`] : [];
}

type Standing = Pick<AgentPosition, 'state'> & Pick<AgentPosition['agent'], 'plan'>;

function positionLine({ plan, state }: Standing): string[] {
  switch (plan.strategy) {
    case 'pattern':
      return plan.slots.length === 0
        ? []
        : [`  Position: ${(state.pattern_index ?? 0) % plan.slots.length}/${plan.slots.length}`];
    case 'round_robin':
      return plan.slots.length === 0
        ? []
        : [`  Position: ${(state.round_robin_index ?? 0) % plan.slots.length}/${plan.slots.length}`];
    case 'burst':
      return [
        `  Position: ${state.burst_count ?? 0}${plan.size === undefined ? '' : `/${plan.size}`} of the burst`,
      ];
    case 'fallback':
    case 'least_cost':
    case 'lowest_latency':
    case 'weighted':
      return [];
    default:
      return plan satisfies never;
  }
}

/** What was chosen so far, and for weights how that compares with what they ask for. */
function sharesLine({ plan, state }: Standing): string[] {
  const chosen = Object.entries(state.distribution ?? {});
  const all = chosen.reduce((sum, [, calls]) => sum + calls, 0);
  if (all === 0 || !(plan.track || plan.strategy === 'weighted')) return [];
  const counts = chosen.map(([name, calls]) => `${modelRef(name).model}=${calls}`);
  const lines = [`  Distribution: ${counts.join(', ')}`];
  if (plan.strategy !== 'weighted' || !(plan.total > 0)) return lines;
  const shares = plan.models.map((ref, index) => {
    const is = Math.round(((state.distribution?.[ref.name] ?? 0) / all) * 100);
    const wanted = Math.round(((plan.weights[index] ?? 0) / plan.total) * 100);
    return `${ref.model} ${is}% of ${wanted}%`;
  });
  return [...lines, `  Shares: ${shares.join(', ')}`];
}
